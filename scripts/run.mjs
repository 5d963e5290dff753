import { spawn } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

// Any Node from 20 on starts here; `import.meta.dirname` came later.
export const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')
const bin = path.join(root, 'node_modules', '.bin')
/** Where Node keeps which lines ran, when a run counts them. */
export const counts = path.join(root, 'coverage', 'v8')

/**
 * Runs a program of node_modules/.bin (or `node` itself) under the Node that the project pins, whatever Node called.
 * Passes its output through, or to `sink`, and returns it with the exit code.
 */
export function run(program, args, { env = {}, quiet = false, sink } = {}) {
  return new Promise((resolve) => {
    const child = spawn(path.join(bin, program), args, {
      cwd: root,
      env: { ...process.env, ...env, PATH: `${bin}${path.delimiter}${process.env.PATH}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const [stream, own] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ])
      stream.on('data', (chunk) => {
        output += chunk
        if (sink) sink(chunk)
        else if (!quiet) own.write(chunk)
      })
    child.on('error', (error) => resolve({ code: 1, output: `${output}${error.message}\n` }))
    child.on('close', (code, signal) => resolve({ code: code ?? (signal ? 1 : 0), output }))
  })
}

/** The files below a folder whose path in it matches, in order. */
export async function listed(below, pattern) {
  const names = await readdir(path.join(root, below), { recursive: true })
  return names
    .filter((name) => pattern.test(name))
    .map((name) => path.join(below, name))
    .sort()
}
