import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'chai'

/**
 * An invariant that no bug breaks proves nothing. Each bug here is planted in a copy of the real contract, and the
 * invariant beside it must fail there.
 */
type Mutant = {
  readonly bug: string
  readonly contract: string
  readonly suite: string
  readonly from: string
  readonly to: string
  readonly breaks: string
}

const mutants: readonly Mutant[] = [
  {
    bug: 'anchoring again replaces a record',
    contract: 'RecordRegistry',
    suite: 'Records',
    from: 'require(entry.pseudonym == NO_PSEUDONYM, RecordAlreadyAnchored(id));',
    to: '',
    breaks: 'invariant_anAnchoredVersionIsNeverReplaced',
  },
  {
    bug: 'a depositor chooses the version to write',
    contract: 'RecordRegistry',
    suite: 'Records',
    from: 'uint32 version = entry.version + 1;',
    to: 'uint32 version = next.version;',
    breaks: 'invariant_aRecordNeverGoesBack',
  },
  {
    bug: 'anyone deposits',
    contract: 'RecordRegistry',
    suite: 'Records',
    from: 'require(_PATIENTS.controllerOf(pseudonym) == msg.sender, RecordNotDepositor(pseudonym, msg.sender));',
    to: '',
    breaks: 'invariant_onlyDepositorsWrite',
  },
  {
    bug: 'anyone consents',
    contract: 'ConsentRegistry',
    suite: 'Consents',
    from: 'require(_PATIENTS.controllerOf(pseudonym) == msg.sender, ConsentNotController(pseudonym, msg.sender));',
    to: '',
    breaks: 'invariant_onlyTheControllerDecides',
  },
  {
    bug: 'revokeAll is forgotten',
    contract: 'ConsentRegistry',
    suite: 'Consents',
    from: 'if (slot.changedAt <= floors[grantee] || slot.changedAt <= floors[0]) return Decision.Revoked;',
    to: '',
    breaks: 'invariant_decidesAsTheModelDoes',
  },
  {
    bug: 'a permit wins over a denial',
    contract: 'ConsentRegistry',
    suite: 'Consents',
    from: 'if (found == Decision.Denied) return (found, slotKey);',
    to: '',
    breaks: 'invariant_decidesAsTheModelDoes',
  },
  {
    bug: 'a consent lasts a second too long',
    contract: 'ConsentRegistry',
    suite: 'Consents',
    from: 'query.at >= slot.until',
    to: 'query.at > slot.until',
    breaks: 'invariant_decidesAsTheModelDoes',
  },
  {
    bug: 'a registration needs no signature',
    contract: 'PatientRegistry',
    suite: 'Patients',
    from: 'require(signed, PatientBadSignature(pseudonym, controller));',
    to: 'signed;',
    breaks: 'invariant_noPseudonymIsHijacked',
  },
  {
    bug: 'a hospital takes another one’s account for an uploader',
    contract: 'ActorRegistry',
    suite: 'Actors',
    from: 'require(_isFree(key) || _uploaders[key].organization == id, ActorAccountTaken(key));',
    to: '',
    breaks: 'invariant_noHospitalLosesItsVoice',
  },
  {
    bug: 'anyone speaks for a hospital',
    contract: 'ActorRegistry',
    suite: 'Actors',
    from: 'require(_organizations[id].account == msg.sender, ActorNotOrganization(id, msg.sender));\n        _;',
    to: '_;',
    breaks: 'invariant_nobodyActsForAnother',
  },
  {
    bug: 'a retracted practitioner stays listed',
    contract: 'ActorRegistry',
    suite: 'Actors',
    from: '_list(entry.directoryHash, 0);',
    to: '',
    breaks: 'invariant_theFileOfEveryEntryIsListed',
  },
  {
    bug: 'an affiliation is listed at each renewal',
    contract: 'ActorRegistry',
    suite: 'Actors',
    from: 'if (ids[i] == id) return;',
    to: '',
    breaks: 'invariant_affiliationsAreDistinct',
  },
  {
    bug: 'k - 1 members act',
    contract: 'Council',
    suite: 'Council',
    from: 'if (confirmationsOf(id).length >= threshold) _execute(id, entry);',
    to: 'if (confirmationsOf(id).length + 1 >= threshold) _execute(id, entry);',
    breaks: 'invariant_nothingHappensWithoutKMembers',
  },
  {
    bug: 'a confirmation outlives the account that gave it',
    contract: 'Council',
    suite: 'Council',
    from: 'if (account == address(0) || account != _accountOf(member)) continue;',
    to: 'if (account == address(0)) continue;',
    breaks: 'invariant_nothingHappensWithoutKMembers',
  },
  {
    bug: 'what was executed stays open',
    contract: 'Council',
    suite: 'Council',
    from: 'entry.executed = true;',
    to: '',
    breaks: 'invariant_aProposalIsExecutedOnce',
  },
  {
    bug: 'fewer than k members are left',
    contract: 'Council',
    suite: 'Council',
    from: '_members.pop();\n        _checkThreshold(threshold);',
    to: '_members.pop();',
    breaks: 'invariant_theCouncilCanAlwaysDecide',
  },
  {
    bug: 'anyone, the deployer too, changes the council',
    contract: 'Council',
    suite: 'Council',
    from: 'require(msg.sender == address(this), CouncilNotItself(msg.sender));',
    to: '',
    breaks: 'invariant_nobodyActsAlone',
  },
  {
    bug: 'a called contract confirms on',
    contract: 'Council',
    suite: 'Council',
    from: 'function confirm(bytes32 id) external nonReentrant {',
    to: 'function confirm(bytes32 id) external {',
    breaks: 'invariant_nothingIsConfirmedFromWithin',
  },
  {
    bug: 'one hospital takes k seats',
    contract: 'KeyCommittee',
    suite: 'Committee',
    from: 'require(seats < k, KeyCommitteeTooManySeats(roots[i], seats, k));',
    to: '',
    breaks: 'invariant_noHospitalOpensAlone',
  },
  {
    bug: 'k confirmations are enough',
    contract: 'KeyCommittee',
    suite: 'Committee',
    from: 'if (entry.confirmations < entry.members.length) return;',
    to: 'if (entry.confirmations < entry.k) return;',
    breaks: 'invariant_anEpochServesOnlyWhenAllConfirmed',
  },
]

const prefix = 'invariant_'
const root = fileURLToPath(new URL('../../', import.meta.url))
const project = path.join(root, 'cache/mutants')

const config = `import { createRequire } from 'node:module'
const solc = createRequire(import.meta.url).resolve('solc/soljson.js')
export default {
  paths: { sources: 'none', tests: { solidity: 'tests' } },
  solidity: { version: '0.8.30', path: solc, settings: { evmVersion: 'paris' } },
  test: { solidity: { fuzz: { runs: 1, seed: '0x5ea1' }, invariant: { runs: 64, depth: 32 } } },
}
`

/** A project beside the real one: its contracts, and for each mutant one changed contract and the suite that sees it. */
async function plant(): Promise<void> {
  await rm(project, { recursive: true, force: true })
  await mkdir(path.join(project, 'none'), { recursive: true })
  await cp(path.join(root, 'contracts'), path.join(project, 'contracts'), { recursive: true })
  await writeFile(path.join(project, 'package.json'), '{ "name": "mutants", "type": "module", "private": true }\n')
  await writeFile(path.join(project, 'hardhat.config.ts'), config)
  for (const [i, { bug, contract, suite, from, to, breaks }] of mutants.entries()) {
    const source = await readFile(path.join(root, `contracts/${contract}.sol`), 'utf8')
    expect(source.split(from), `the place for "${bug}"`).to.have.length(2)
    const changed = source.replace(from, to).replaceAll('"./', '"../contracts/')
    const [home, tests] = [path.join(project, `mutant${i}`), path.join(project, `tests/mutant${i}`)]
    await mkdir(home)
    await mkdir(tests, { recursive: true })
    await writeFile(path.join(home, `${contract}.sol`), changed)
    for (const file of ['Vm.sol', 'World.sol', `${suite}.t.sol`]) {
      const test = await readFile(path.join(root, 'test/contracts', file), 'utf8')
      const pointed = test.replaceAll(`../../contracts/${contract}.sol`, `../../mutant${i}/${contract}.sol`)
      // Only the invariant in question runs: a name without the prefix is no test.
      const alone = pointed.replace(/function (?:testFuzz|invariant)_(?=\w+)/g, 'function other_')
      await writeFile(path.join(tests, file), alone.replace(`other_${breaks.slice(prefix.length)}(`, `${breaks}(`))
    }
  }
}

/** The invariants that failed, by mutant. */
async function failures(): Promise<Map<number, Set<string>>> {
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
  let broken: Map<number, Set<string>>

  before(async function () {
    this.timeout(240_000)
    await plant()
    broken = await failures()
  })
  after(async () => await rm(project, { recursive: true, force: true }))

  for (const [i, { bug, breaks }] of mutants.entries()) {
    it(`notice when ${bug}`, () => {
      expect([...(broken.get(i) ?? [])]).to.include(breaks)
    })
  }
})
