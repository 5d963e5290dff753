import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const cache = path.join(import.meta.dirname, '..', 'node_modules', '.cache', 'bench')

/** A published package that is measured beside ours: not installed, because nothing but its files is wanted. */
export type Peer = { readonly name: string; readonly version: string; readonly integrity: string }

/**
 * The folder of a peer's published files. Fetches the package from the npm registry once, checks it against the pinned
 * integrity, and unpacks it into the cache of node_modules; its dependencies and scripts are never installed or run.
 */
export async function peerFiles({ name, version, integrity }: Peer): Promise<string> {
  const folder = path.join(cache, `${name.replaceAll(/[^a-z0-9]+/gi, '-')}-${version}`)
  await mkdir(folder, { recursive: true })
  const tarball = await fetched(folder, `${name}@${version}`)
  const [algorithm = '', expected] = integrity.split(/-(.*)/s)
  const found = createHash(algorithm)
    .update(await readFile(tarball))
    .digest('base64')
  if (found !== expected) {
    await rm(folder, { recursive: true })
    throw new Error(`${name}@${version} is not the package that was pinned: ${algorithm}-${found}.`)
  }
  await execute('tar', ['-xzf', tarball, '-C', folder])
  return path.join(folder, 'package')
}

async function fetched(folder: string, spec: string): Promise<string> {
  const before = (await readdir(folder)).find((file) => file.endsWith('.tgz'))
  if (before) return path.join(folder, before)
  const { stdout } = await execute('npm', ['pack', spec, '--json', '--ignore-scripts', '--pack-destination', folder])
  const [packed] = JSON.parse(stdout) as readonly { readonly filename: string }[]
  if (!packed) throw new Error(`npm packed nothing for ${spec}.`)
  return path.join(folder, packed.filename)
}
