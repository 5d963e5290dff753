import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { type Mutant, mutants } from './mutants.ts'
import { planted, root } from './planting.ts'

const prefix = 'invariant_'
const projects = path.join(root, 'cache/mutants')
/** Mutants in one project: the compiler has no memory for all of them. */
const together = 24

const config = `import { createRequire } from 'node:module'
const solc = createRequire(import.meta.url).resolve('solc/soljson.js')
export default {
  paths: { sources: 'none', tests: { solidity: 'tests' } },
  solidity: { version: '0.8.30', path: solc, settings: { evmVersion: 'paris' } },
  test: { solidity: { fuzz: { runs: 1, seed: '0x5ea1' }, invariant: { runs: 64, depth: 32 } } },
}
`

/** Projects beside the real one: its contracts, and for each mutant one changed contract and the suite that sees it. */
async function plant(): Promise<string[]> {
  await rm(projects, { recursive: true, force: true })
  const folders = Array.from({ length: Math.ceil(mutants.length / together) }, (_, i) => path.join(projects, `${i}`))
  for (const project of folders) await plantProject(project)
  for (const [i, mutant] of mutants.entries())
    await plantOne(folders[Math.floor(i / together)] as string, `mutant${i}`, mutant)
  return folders
}

async function plantProject(project: string): Promise<void> {
  await mkdir(path.join(project, 'none'), { recursive: true })
  await cp(path.join(root, 'contracts'), path.join(project, 'contracts'), { recursive: true })
  await writeFile(path.join(project, 'package.json'), '{ "name": "mutants", "type": "module", "private": true }\n')
  await writeFile(path.join(project, 'hardhat.config.ts'), config)
}

async function plantOne(project: string, name: string, mutant: Mutant): Promise<void> {
  const copies = await planted(mutant)
  for (const [copy, text] of copies) {
    const file = path.join(project, name, `${copy}.sol`)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, text)
  }
  const tests = path.join(project, 'tests', name)
  await mkdir(tests, { recursive: true })
  for (const file of ['Vm.sol', 'World.sol', `${mutant.suite}.t.sol`]) {
    const test = await readFile(path.join(root, 'test/contracts', file), 'utf8')
    const mine = [...copies.keys()].reduce(
      (text, copy) => text.replaceAll(`contracts/${copy}.sol`, `${name}/${copy}.sol`),
      test,
    )
    // Only the invariant in question runs: a name without the prefix is no test.
    const alone = mine.replace(/function (?:testFuzz|invariant)_(?=\w+)/g, 'function other_')
    await writeFile(
      path.join(tests, file),
      alone.replace(`other_${mutant.breaks.slice(prefix.length)}(`, `${mutant.breaks}(`),
    )
  }
}

/** The invariants that failed, by mutant. */
async function failures(project: string): Promise<Map<number, Set<string>>> {
  const hardhat = path.join(root, 'node_modules/hardhat/dist/src/cli.js')
  // The outer run passes its own configuration on in variables of this prefix.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HARDHAT_')))
  const run = promisify(execFile)(process.execPath, [hardhat, 'test', 'solidity'], { cwd: project, env })
  const output: string = await run.then(
    () => expect.fail('no mutant failed'),
    ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
  )
  const found = new Map<number, Set<string>>()
  let mutant = -1
  for (const line of output.split('\n')) {
    mutant = Number(/^ +tests\/mutant(\d+)\//.exec(line)?.[1] ?? mutant)
    const failed = /^ +\d+\) (invariant_\w+)\(/.exec(line)?.[1]
    if (failed !== undefined) found.set(mutant, (found.get(mutant) ?? new Set()).add(failed))
  }
  return found
}

describe('invariants', () => {
  const broken = new Map<number, Set<string>>()

  before(async function () {
    this.timeout(600_000)
    for (const project of await plant()) for (const [i, found] of await failures(project)) broken.set(i, found)
  })
  after(async () => await rm(projects, { recursive: true, force: true }))

  for (const [i, { bug, breaks }] of mutants.entries()) {
    it(`notice when ${bug}`, () => {
      expect([...(broken.get(i) ?? [])]).to.include(breaks)
    })
  }
})
