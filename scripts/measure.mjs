/**
 * `npm run measure files|labels|large|start [-- OPTIONS]`: plain JavaScript, so that any Node from 20 on can run it. Hands over
 * to scripts/measure/*.ts under the Node that the project pins.
 */
import { spawn } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')
const bin = path.join(root, 'node_modules', '.bin')
const [what, ...options] = process.argv.slice(2)

if (!['files', 'labels', 'large', 'start'].includes(what)) {
  console.error('npm run measure files|labels|large|start [-- OPTIONS]; --help tells the options of each.')
  process.exit(2)
}
const child = spawn(path.join(bin, 'node'), [path.join(root, 'scripts', 'measure', `${what}.ts`), ...options], {
  cwd: root,
  stdio: 'inherit',
  env: {
    // Compiled code is kept: a later start takes a third less of the processor, and each service less memory.
    NODE_COMPILE_CACHE: path.join(root, 'node_modules', '.cache', 'compile'),
    ...process.env,
    PATH: `${bin}${path.delimiter}${process.env.PATH}`,
  },
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
