/**
 * `npm test`: contracts, SDK, services, command line and components, and people's stories in a browser. In two lanes:
 * the command line runs beside the rest, and the stories after both. Ends with a line `N passed, N failed`, and fails
 * when anything failed or a suite ran no test.
 *
 * npm test                      everything but the wide suite
 * npm run test:wide             the wide suite: planted bugs, further sessions of the command line, further stories
 * npm test -- test/sdk/seal/*   only these files, through Hardhat
 */
import { stripVTControlCharacters } from 'node:util'
import { installMissing } from './install.mjs'
import { listed, run } from './run.mjs'

// The line that counts, as each runner writes it.
const summaries = {
  all: { passed: /^(\d+) passing \(/m, failed: /^(\d+) failing \(/m },
  one: { passed: /^ {2}(\d+) passing/m, failed: /^ {2}(\d+) failing/m },
  vitest: { passed: /^ +Tests .*?(\d+) passed/m, failed: /^ +Tests .*?(\d+) failed/m },
  playwright: { passed: /(\d+) passed/, failed: /(\d+) failed/ },
}

/** What takes long and shows what the rest shows too, from further sides. */
const wide = new RegExp(
  `^test/(?:${[
    'contracts/mutants',
    'cli/(?:committee|council|disclosures|emergencies|looking-after|organizations|recovery|rekeying|rotation|shifts)',
    'e2e/(?:consents|every-page|large-file|lost-phone|vault-account)',
  ].join('|')})\\.test\\.ts$`,
)

let passed = 0
let failed = 0

/** Runs a suite and adds up what it printed; one that ran no test has failed. */
async function suite(summary, program, args, sink) {
  const { code, output } = await run(program, args, { sink })
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

/** The files of a suite below a folder, in order. */
const chosen = async (below, pattern, widely) =>
  (await listed(below, pattern)).filter((file) => wide.test(file.replaceAll('\\', '/')) === widely)

async function everything(widely) {
  const { code } = await run('hardhat', ['build', '--quiet'])
  if (code !== 0) {
    failed += 1
    return
  }
  const commandLine = await chosen('test/cli', /\.test\.ts$/, widely)
  const stories = await chosen('test/e2e', /\.test\.ts$/, widely)
  const rest = await chosen('test', /^(?!cli|e2e).*\.test\.ts$/, widely)

  console.log('The command line runs beside the rest; what it prints comes behind it.')
  const held = []
  let sink = (chunk) => held.push(chunk)
  const late = (chunk) => sink(chunk)
  const beside = suite(summaries.one, 'hardhat', ['test', 'mocha', '--no-compile', ...commandLine], late)
  if (!widely) await suite(summaries.one, 'hardhat', ['test', 'solidity', '--no-compile'])
  await suite(summaries.one, 'hardhat', ['test', 'mocha', '--no-compile', ...rest])
  if (!widely) await suite(summaries.vitest, 'hardhat', ['test', 'vitest', '--no-compile'])
  for (const chunk of held) process.stdout.write(chunk)
  sink = (chunk) => process.stdout.write(chunk)
  await beside
  // Alone: a browser beside other work waits longer than people would.
  await suite(summaries.playwright, 'playwright', ['test', ...stories])
}

installMissing()
const files = process.argv.slice(2)
if (files.length === 0 || files[0] === '--wide') await everything(files.length > 0)
else await suite(summaries.all, 'hardhat', ['test', ...files])

console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
