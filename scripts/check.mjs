/**
 * `npm run check`: everything that is checked without running the product. Each step is named, all of them run, and
 * the command fails when one did.
 */
import { run } from './run.mjs'

const steps = [
  ['format and lint', 'biome', ['check']],
  ['types', 'tsc', ['-p', 'tsconfig.json']],
  ['types of the dApp', 'tsc', ['-p', 'frontend']],
  ['import rules', 'node', ['scripts/check-imports.mjs']],
  ['unused code', 'knip', ['--no-progress']],
  ['Solidity lint', 'solhint', ['--noPoster', '--disc', '--max-warnings', '0', 'contracts/**/*.sol']],
  ['Solidity format', 'prettier', ['--check', '--log-level', 'warn', 'contracts/**/*.sol', 'test/**/*.sol']],
  ['generated files', 'node', ['scripts/check-generated.mjs']],
  ['kernels of the share code', 'node', ['scripts/build-kernel.mjs', '--check']],
]

// Type checking reads the types that the Hardhat build generates from the contracts.
const build = await run('hardhat', ['build', '--quiet'])
const broken = build.code === 0 ? [] : ['build']

for (const [name, program, args] of steps) {
  const { code, output } = await run(program, args, { quiet: true })
  console.log(`${code === 0 ? 'ok    ' : 'BROKEN'} ${name}`)
  if (code !== 0) {
    broken.push(name)
    console.log(output)
  }
}
console.log(broken.length === 0 ? 'All checks hold.' : `Broken: ${broken.join(', ')}.`)
process.exitCode = broken.length === 0 ? 0 : 1
