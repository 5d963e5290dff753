import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createKernelCode } from '@sharewell/sdk/share'

/** Keeps what was measured, with the machine, its load, and the commit. */
export async function keepResults(name: string, unit: string, results: object): Promise<void> {
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim()
  const machine = {
    cpu: os.cpus()[0]?.model,
    cores: os.cpus().length,
    node: process.version,
    v8: process.versions.v8,
    kernels: createKernelCode()?.build,
    load: os.loadavg().map((one) => Number(one.toFixed(2))),
  }
  const folder = path.join(import.meta.dirname, '../results')
  await mkdir(folder, { recursive: true })
  await writeFile(
    path.join(folder, `${name}.json`),
    `${JSON.stringify({ commit, machine, unit, ...results }, null, 2)}\n`,
  )
}
