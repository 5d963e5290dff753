import { type Hex, toHex } from '@sharewell/sdk/bytes'
import { type Chain, operatorInfo } from '@sharewell/sdk/chain'
import type { Conviction } from '@sharewell/sdk/place'
import { command, text, UsageError } from '../command.ts'
import { judgeOffline, judgeOnChain, readFaultFile } from '../network/fault-files.ts'
import { createNames, shownAs } from '../network/names.ts'
import { openView } from '../network/session.ts'
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
