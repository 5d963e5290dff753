/**
 * `npm run kernel`: compiles the kernels of the share code (assembly/share) with and without relaxed SIMD and writes both
 * builds to sdk/src/share/engine/modules.ts. With `--check [FILE]` it writes nothing and fails when the committed builds, or
 * those of FILE, are not what the source gives: the compiler is pinned, so the same source gives the same bytes.
 */
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import asc from 'assemblyscript/asc'
import { root } from './run.mjs'

const source = 'assembly/share/index.ts'
const target = path.join('sdk', 'src', 'share', 'engine', 'modules.ts')
const common = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--noExportMemory', '--use', 'abort=']
const features = { plain: ['--enable', 'simd'], relaxed: ['--enable', 'simd', '--enable', 'relaxed-simd'] }

async function build(name) {
  let binary
  const options = {
    stdout: asc.createMemoryStream(),
    stderr: asc.createMemoryStream(),
    writeFile: (_, contents) => {
      binary = contents
    },
  }
  const args = [source, ...common, ...features[name], '--baseDir', root, '--outFile', 'kernel.wasm']
  const { error, stderr } = await asc.main(args, options)
  if (error || !binary) throw new Error(`The ${name} kernel does not compile.\n${stderr.toString()}`)
  return Buffer.from(binary).toString('base64url')
}

const [plain, relaxed] = [await build('plain'), await build('relaxed')]
const text = `/**
 * Written by \`npm run kernel\` from assembly/share: WebAssembly modules in base64url, so that every bundler and worker
 * has them without a request. \`npm run check\` builds them again and compares.
 * @module
 */

/** Kernels in the plain SIMD of WebAssembly 2.0. */
export const plainModule =
  '${plain}'

/** The same kernels with relaxed SIMD: one instruction less for each look-up. */
export const relaxedModule =
  '${relaxed}'
`

const [mode, file = path.join(root, target)] = process.argv.slice(2)
if (mode === '--check') {
  if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
    console.error(`${path.relative(root, file)} is not what ${source} gives: run \`npm run kernel\`.`)
    process.exitCode = 1
  }
} else await writeFile(file, text)
