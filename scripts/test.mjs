/**
 * `npm test`: contracts, SDK, services, CLI and components in one Hardhat run, then people's stories in a browser.
 * Ends with a line `N passed, N failed`, and fails when anything failed or a suite ran no test.
 *
 * npm test                      everything
 * npm test -- test/sdk/seal/*   only these files, through Hardhat
 */
import { stripVTControlCharacters } from 'node:util'
import { run } from './run.mjs'

const files = process.argv.slice(2)
let passed = 0
let failed = 0

/** Adds up what a suite printed; a suite that ran no test has failed. */
function count(name, { code, output }, patterns) {
  const plain = stripVTControlCharacters(output)
  const number = (pattern) => Number(plain.match(pattern)?.[1] ?? 0)
  const [good, bad] = [number(patterns.passed), number(patterns.failed)]
  passed += good
  failed += bad
  if (good + bad === 0 || (code !== 0 && bad === 0)) {
    console.error(`${name} ended with exit code ${code} and ${good} tests passed.`)
    failed += 1
  }
}

const hardhat = await run('hardhat', ['test', ...files])
// Each runner has a summary of its own; the last lines are Hardhat's, and begin a line.
count('hardhat test', hardhat, { passed: /^(\d+) passing \(/m, failed: /^(\d+) failing \(/m })

if (files.length === 0) {
  const playwright = await run('playwright', ['test'])
  count('playwright test', playwright, { passed: /(\d+) passed/, failed: /(\d+) failed/ })
}

console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
