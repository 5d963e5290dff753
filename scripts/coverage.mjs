/**
 * `npm run coverage`: which lines the tests run. Every line of the contracts must be run, and 95 % of the SDK's.
 *
 * What is not run is listed by file and line; docs/coverage.md says why for each.
 *
 * npm run coverage                counts the contracts' tests and all others but people's stories, at the same time
 * npm run coverage -- --counted   takes for the SDK what `npm test` and `npm run test:wide` counted on their way, with
 *                                 SHAREWELL_COUNT=1, and only counts the contracts' tests
 */
import { mkdir, readFile, rm } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { counts, listed, root, run } from './run.mjs'

const folder = path.join(root, 'coverage')
const counted = process.argv.includes('--counted')
const least = { contracts: 100, sdk: 95 }
let failed = false

/** Lines found and run in an lcov file, and the lines that were not, by file. */
async function readLcov(text) {
  const files = []
  for (const block of text.split('end_of_record')) {
    const name = block.match(/^SF:(.+)$/m)?.[1]
    if (!name) continue
    const file = path.relative(root, path.resolve(root, name))
    if (file.startsWith('contracts/mocks')) continue
    const isCode = await codeLines(file)
    const lines = [...block.matchAll(/^DA:(\d+),(\d+)/gm)]
      .map(([, line, count]) => [Number(line), Number(count)])
      .filter(([line]) => isCode(line))
    if (lines.length > 0) files.push({ file, lines })
  }
  const all = files.flatMap(({ lines }) => lines)
  const missed = files.flatMap(({ file, lines }) => {
    const open = lines.filter(([, count]) => count === 0).map(([line]) => line)
    return open.length > 0 ? [`${file}: ${ranges(open)}`] : []
  })
  return { files: files.length, found: all.length, run: all.filter(([, count]) => count > 0).length, missed }
}

/** V8 counts every line of a TypeScript file: types, comments and empty lines are not what tests run. */
async function codeLines(file) {
  if (!file.endsWith('.ts')) return () => true
  const code = stripTypeScriptTypes(await readFile(path.join(root, file), 'utf8')).split('\n')
  return (line) => !/^\s*(?:$|\/\/|\/\*|\*)/.test(code[line - 1] ?? '')
}

function ranges(lines) {
  const groups = []
  for (const line of lines) {
    const last = groups.at(-1)
    if (last && last[1] === line - 1) last[1] = line
    else groups.push([line, line])
  }
  return groups.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ')
}

async function judge(name, lcov, wanted) {
  const { files, found, run: hit, missed } = await readLcov(await readFile(lcov, 'utf8').catch(() => ''))
  const percent = found === 0 ? 0 : (100 * hit) / found
  for (const line of missed) console.log(`  not run: ${line}`)
  console.log(`${name}: ${hit} of ${found} lines in ${files} files, ${percent.toFixed(2)} % (at least ${wanted} %)`)
  if (percent < wanted) failed = true
}

async function tests(args, env) {
  const { code, output } = await run('hardhat', ['test', ...args], { env, quiet: true })
  if (code === 0) return
  // Instrumented, tests of memory and patience see another program than the one that runs: `npm test` judges them.
  const plain = stripVTControlCharacters(output)
  const bad = plain.match(/^(\d+) failing \(/m)?.[1]
  if (bad === undefined) failed = true
  console.log(bad ? `${bad} tests failed while lines were counted; npm test is what judges them.` : plain.slice(-4_000))
}

if (!counted) await rm(folder, { recursive: true, force: true })
await mkdir(counts, { recursive: true })
// Counting lines costs gas of its own, so what an act costs is not asked; contracts with bugs are other contracts.
const notCounted = /^(?:gas|model-bugs\.|mutants\.)/

async function contracts() {
  const files = (await listed('test/contracts', /\.(?:test\.ts|t\.sol)$/)).filter(
    (file) => !notCounted.test(path.basename(file)),
  )
  // Contracts that count their lines are other contracts than those the SDK's tests deploy beside them.
  const artifacts = path.join(folder, 'artifacts')
  await tests(['--coverage', ...files], { SHAREWELL_FUZZ: 'short', SHAREWELL_ARTIFACTS: artifacts })
  await judge('contracts', path.join(folder, 'lcov.info'), least.contracts)
}

async function sdk() {
  const files = await listed('test', /^(?!contracts|e2e).*\.test\.ts$/)
  if (!counted) await tests(['--no-compile', ...files], { NODE_V8_COVERAGE: counts })
  // Also files that no test loads.
  const report = [
    'report',
    '--temp-directory',
    counts,
    '--all',
    '--src',
    'sdk',
    '--include',
    'sdk/src/**',
    '--exclude',
    'sdk/src/chain/abi.ts',
  ]
  const reports = path.join(folder, 'sdk')
  const { code } = await run('c8', [...report, '--reporter', 'lcovonly', '--reports-dir', reports], { quiet: true })
  if (code !== 0) failed = true
  await judge('sdk', path.join(reports, 'lcov.info'), least.sdk)
}

// Built before both run beside one another.
const build = await run('hardhat', ['build', '--quiet'])
if (build.code === 0) await Promise.all([contracts(), sdk()])
process.exitCode = failed || build.code !== 0 ? 1 : 0
