#!/usr/bin/env node
// Plain JavaScript on purpose: any Node can start it. The commands are TypeScript, which Node runs by itself from
// 22.18 on; an older one hands over to the Node that this repository installs for itself.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import * as module from 'node:module'
import path from 'node:path'
import v8 from 'node:v8'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major > 22 || (major === 22 && minor >= 18)) {
  // Node 22 announces on every start that it strips types; whoever reads stderr has no use for it.
  const { emitWarning } = process
  process.emitWarning = (warning, ...rest) => {
    if ((rest[0]?.type ?? rest[0]) !== 'ExperimentalWarning') emitWarning.call(process, warning, ...rest)
  }
  // Chunks pass through quickly: a heap that stays small costs no time and halves the memory of a long transfer.
  v8.setFlagsFromString('--optimize-for-size')
  // Compiled code is kept in the folder for temporary files: a second start takes a third of the time.
  module.enableCompileCache?.()
  const { main } = await import('../src/main.ts')
  process.exitCode = await main(process.argv.slice(2))
} else {
  const newer = path.join(
    import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname),
    '../../node_modules/.bin/node',
  )
  if (existsSync(newer)) {
    const child = spawn(newer, [process.argv[1], ...process.argv.slice(2)], { stdio: 'inherit' })
    // A terminal sends Ctrl-C to the child as well; this process only waits for the child to tidy up.
    process.on('SIGINT', () => {})
    for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
    child.on('error', (error) => fail(error.message))
    child.on('close', (code) => {
      process.exitCode = code ?? 1
    })
  } else {
    fail(`Node ${process.versions.node} is too old, and this copy has none of its own.`)
  }
}

function fail(message) {
  process.stderr.write(
    `sharewell: error: ${message}\nsharewell: hint: run npm install in the repository, or use Node 22.18 or newer.\n`,
  )
  process.exitCode = 1
}
