/**
 * `npm test`: contracts, SDK, services, command line and components, and people's stories in a browser. Two suites run
 * at a time, and the stories after all of them. Ends with a line `N passed, N failed`, and fails
 * when anything failed or a suite ran no test.
 *
 * npm test                      everything but the wide suite
 * npm run test:wide             the wide suite: planted bugs, further sessions of the command line, further stories
 * npm test -- test/sdk/seal/*   only these files, through Hardhat
 *
 * With SHAREWELL_COUNT=1 the lines that ran are counted on the way, for `npm run coverage -- --counted`.
 */
import { stripVTControlCharacters } from 'node:util'
import { installMissing } from './install.mjs'
import { counts, run } from './run.mjs'
import { chosen } from './suites.mjs'

// The line that counts, as each runner writes it.
const summaries = {
  all: { passed: /^(\d+) passing \(/m, failed: /^(\d+) failing \(/m },
  one: { passed: /^ {2}(\d+) passing/m, failed: /^ {2}(\d+) failing/m },
  vitest: { passed: /^ +Tests .*?(\d+) passed/m, failed: /^ +Tests .*?(\d+) failed/m },
  playwright: { passed: /(\d+) passed/, failed: /(\d+) failed/ },
}

let passed = 0
let failed = 0

/** Runs a suite and adds up what it printed; one that ran no test has failed. */
async function suite(summary, program, args, { sink, env } = {}) {
  const { code, output } = await run(program, args, { sink, env })
  const plain = stripVTControlCharacters(output)
  const number = (pattern) => Number(plain.match(pattern)?.[1] ?? 0)
  const [good, bad] = [number(summary.passed), number(summary.failed)]
  passed += good
  failed += bad
  if (good + bad === 0 || (code !== 0 && bad === 0)) {
    console.error(`${program} ${args.slice(0, 2).join(' ')} ended with exit code ${code} and ${good} tests passed.`)
    failed += 1
  }
}

/** The suites that may run beside one another, those that take longest first. */
async function suitesOf(widely) {
  const [sdk, services, cli, others] = await Promise.all([
    chosen('test/sdk', /\.test\.ts$/, widely),
    chosen('test/services', /\.test\.ts$/, widely),
    chosen('test/cli', /\.test\.ts$/, widely),
    chosen('test', /^(?!sdk|services|cli|e2e).*\.test\.ts$/, widely),
  ])
  const mocha = (files, env = {}) => [summaries.one, 'hardhat', ['test', 'mocha', '--no-compile', ...files], env]
  const counted = process.env.SHAREWELL_COUNT === '1' ? { NODE_V8_COVERAGE: counts } : {}
  const solidity = [summaries.one, 'hardhat', ['test', 'solidity', '--no-compile']]
  if (widely) return [mocha(cli, counted), mocha([...sdk, ...services], counted), mocha(others), solidity]
  return [
    mocha(services, counted),
    mocha(sdk, counted),
    mocha(cli, counted),
    // A quarter of the runs; the wide suite makes them all.
    [...solidity, { SHAREWELL_FUZZ: 'short' }],
    mocha(others),
    [summaries.vitest, 'hardhat', ['test', 'vitest', '--no-compile']],
  ]
}

/** Prints what suites say at the same time one after the other: the first as it comes, the next ones behind it. */
function inOrder() {
  const open = []
  const print = () => {
    while (open.length > 0) {
      for (const chunk of open[0].held.splice(0)) process.stdout.write(chunk)
      if (!open[0].over) return
      open.shift()
    }
  }
  return () => {
    const one = { held: [], over: false }
    open.push(one)
    const write = (chunk) => {
      one.held.push(chunk)
      print()
    }
    const close = () => {
      one.over = true
      print()
    }
    return { write, close }
  }
}

async function everything(widely) {
  const { code } = await run('hardhat', ['build', '--quiet'])
  if (code !== 0) {
    failed += 1
    return
  }
  const printer = inOrder()
  const left = await suitesOf(widely)
  const lane = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const { write, close } = printer()
      const [summary, program, args, env] = next
      await suite(summary, program, args, { sink: write, env })
      close()
    }
  }
  await Promise.all([lane(), lane()])
  // Alone: a browser beside other work waits longer than people would.
  await suite(summaries.playwright, 'playwright', ['test', ...(await chosen('test/e2e', /\.test\.ts$/, widely))])
}

installMissing()
const files = process.argv.slice(2)
if (files.length === 0 || files[0] === '--wide') await everything(files.length > 0)
else await suite(summaries.all, 'hardhat', ['test', ...files])

console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
