import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createKernelCode } from '@sharewell/sdk/share'

/** Writes what a bench found to bench/results, with the machine, its load, the versions and the commit. */
export async function writeResults(name: string, found: object): Promise<void> {
  const results = {
    commit: execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim(),
    machine: {
      cpu: os.cpus()[0]?.model,
      cores: os.cpus().length,
      load: Number(os.loadavg()[0]?.toFixed(1)),
      node: process.version,
      v8: process.versions.v8,
      kernels: createKernelCode()?.build,
    },
    ...found,
  }
  const file = path.join(import.meta.dirname, 'results', `${name}.json`)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify(results, null, 2)}\n`)
}
