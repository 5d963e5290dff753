import { type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  type Chain,
  hasFaultReports,
  isFaultReported,
  operatorInfo,
  reportFrame,
  reportShare,
  type Standing,
  standingOf,
} from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import type { Conviction, FaultFile } from '@sharewell/sdk/place'
import { chunkCount } from '@sharewell/sdk/share'
import { command, text, UsageError } from '../command.ts'
import { judgeOffline, judgeOnChain, readFaultFile } from '../network/fault-files.ts'
import { createNames, shownAs } from '../network/names.ts'
import { actorOptions, openSession, openView } from '../network/session.ts'
import { columns, counted, type Part, painted } from '../text.ts'

/** `sharewell fault verify`. */
export const faultVerify = command({
  name: 'fault verify',
  group: 'Looking after it:',
  summary: 'Check a proof that a node or a depositor lied.',
  usage: '<file>',
  operands: { file: 'a fault proof, as `sharewell retrieve` or a reconstructor kept it; - is stdin' },
  about:
    'Without --network it asks nobody: hashes and signatures say who signed what, and that it is false. That the account ' +
    "is the operator's, and the manifest the one on the chain, is believed from the file; with --network the chain says " +
    'so. The exit code is 1 where the file convicts nobody: it was altered, or somebody is slandered.',
  examples: [
    ['sharewell fault verify share.fault.json', 'Who is convicted of what?'],
    ['sharewell fault verify share.fault.json --network network.json', 'Does the chain agree?'],
  ],
  options: {
    account: text('--account <address>', "the operator's account, where you know it better than the file"),
    network: text('--network <file|url>', 'network description; only with it the chain is asked'),
  },
  async run({ args: [name = ''], options, terminal, signal }) {
    const account = options.account === undefined ? undefined : parseAccount(options.account)
    const file = await readFaultFile(name, { account, signal })
    if (options.network === undefined) {
      const found = await judgeOffline(file)
      terminal.result(lineOf(found, false), wordsOf(found, found.operator))
      terminal.note("whether the account is the operator's, and the manifest the anchored one, is for --network to say")
      return
    }
    const { chain } = await openView(options, signal)
    const found = await judgeOnChain(chain, file, signal)
    terminal.result(lineOf(found, true), wordsOf(found, await operatorWords(chain, found.operator, signal)))
  },
})

/** `sharewell fault report`. */
export const faultReport = command({
  name: 'fault report',
  group: 'Looking after it:',
  summary: 'Report a proven lie of a node on the chain.',
  usage: '<file>',
  operands: { file: 'a fault proof against a storage node or a reconstructor; - is stdin' },
  about:
    'Anybody may. The contract judges the proof itself and counts each lie once; it takes no slander. What was reported is ' +
    "shown with the node in 'sharewell health', and the council may switch the node off for it: " +
    "'sharewell council propose penalize OPERATOR FAULT'. Against a depositor nothing is reported: hand the file on.",
  examples: [['sharewell fault report share.fault.json --key-file me.key', 'Have it counted.']],
  options: actorOptions,
  async run({ args: [name = ''], options, terminal, signal }) {
    const file = await readFaultFile(name, { signal })
    const { chain } = await openSession(options, signal)
    const found = await judgeOnChain(chain, file, signal)
    const { operator, fault } = found
    if (operator === undefined || !hasFaultReports(chain))
      throw new NotReportableError({
        reason:
          operator === undefined ? 'it is against a depositor, who is no operator' : 'this network counts no faults',
      })
    const before = await isFaultReported(chain, { fault }, { signal })
    if (!before) await send(chain, file, found, signal)
    const standing = await standingOf(chain, { operator }, { signal })
    terminal.result({ ...lineOf(found, true), type: 'reported', before, standing }, [
      painted('good', before ? 'was reported before' : 'reported'),
      `  ${(await operatorWords(chain, operator, signal)) ?? operator}: ${standingWords(standing)}\n  fault ${fault}`,
    ])
  },
})

/** Sends the proof to the contract, which judges it once more. */
async function send(chain: Chain, { accused, manifest, proof }: FaultFile, found: Conviction, signal: AbortSignal) {
  if (!accused || proof.kind === 'upload') return
  const { leaf, path } = proof
  const where = { operator: accused.operator, leaf, path, chunks: chunkCount(found.manifest) }
  if (proof.kind === 'share') await reportShare(chain, { ...where, ...proof.response }, { signal })
  else await reportFrame(chain, { ...where, ...proof.frame, manifest: toHex(manifest) }, { signal })
}

const standingWords = ({ shares, frames }: Standing): string => counted(shares + frames, 'proven lie')

/** The operator, and the organization that answers for it. */
async function operatorWords(
  chain: Chain,
  operator: Hex | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  const info = operator && (await operatorInfo(chain, { operator }, { signal }))
  if (!info) return undefined
  const name = await createNames(chain, signal).organization(info.organization)
  return `${operator} of ${shownAs(name, info.organization)}`
}

function parseAccount(given: string): Hex {
  if (!/^0x[0-9a-fA-F]{40}$/.test(given))
    throw new UsageError({ problem: `${given} is no account`, hints: ['an account is 0x and 40 hex digits'] })
  return given.toLowerCase() as Hex
}

/** A conviction for `--json`. */
function lineOf({ manifest, ...found }: Conviction, onChain: boolean) {
  const { recordId, version } = manifest
  return { type: 'fault', ...found, recordId: toHex(recordId), version, onChain }
}

/** Who is convicted of what, for people. */
function wordsOf(found: Conviction, operator: string | undefined): Part[] {
  const { manifest, account, i, manifestHash, fault } = found
  const facts: [string, string][] = [
    ['who', operator === undefined ? `whoever signs as ${account}` : `${operator}, account ${account}`],
    ['what', deed(found)],
    ['record', `${toHex(manifest.recordId)}, version ${manifest.version}, chunk ${i}`],
    ['manifest', manifestHash],
    ['fault', fault],
  ]
  const rows = columns(facts.map(([name, fact]): Part[] => [`${name}:`, fact]))
  return [painted('bad', 'convicted'), '  ', roles[found.kind], ...rows.flatMap((row) => ['\n  ', ...row])]
}

const roles = {
  share: 'a storage node lied',
  frame: 'a reconstructor lied',
  upload: 'a depositor split wrongly',
} as const

function deed({ kind, shares, i }: Conviction): string {
  if (kind === 'share') return `signed other bytes than those of chunk ${i} of share ${shares[0]}`
  if (kind === 'frame') return `signed other bytes than those of chunk ${i}`
  return `${counted(shares.length, 'share')} (${shares.join(', ')}), each valid, do not give the chunk that the manifest names`
}

/** Thrown when a proof convicts, and there is nothing on chain that would count it. */
export class NotReportableError extends BaseError<'NOT_REPORTABLE'> {
  override readonly name = 'NotReportableError'
  constructor({ reason = 'nothing counts it' }: { reason?: string }) {
    super('NOT_REPORTABLE', `The proof holds, and cannot be reported: ${reason}.`, {
      hints: ['hand the file to whom it concerns; anyone can check it'],
      docs: 'faults.md#on-chain',
    })
  }
}
