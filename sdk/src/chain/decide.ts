import { type Hex, zeroHash } from 'viem'
import { decideEmergency, type EmergencyCode } from './break-glass.ts'
import { read } from './call.ts'
import type { Chain } from './connect.ts'
import { type DecideQuery, purposes, registry } from './consents.ts'
import { hasBreakGlass } from './emergency-keys.ts'
import { type View, view } from './head.ts'
import type { WaitOptions } from './wait.ts'

/** Why ConsentRegistry permits or refuses, in the order of the contract's codes: the larger one is the answer. `USED_UP`
 * says that a permit stands, and that as many release requests as it allows were counted. */
export const decisions = [
  'PERMIT',
  'NO_CONSENT',
  'OTHER_CATEGORIES',
  'NOT_YET_VALID',
  'EXPIRED',
  'WRONG_PURPOSE',
  'NOT_AFFILIATED',
  'REVOKED',
  'DENIED',
  'UNKNOWN_PURPOSE',
  'WRONG_CATEGORY',
  'WRONG_PSEUDONYM',
  'ERASED',
  'UNKNOWN_RECORD',
  'UNKNOWN_PSEUDONYM',
  'USED_UP',
] as const

/** One of {@link decisions}, or what break-glass says in their place. */
export type DecisionCode = (typeof decisions)[number] | EmergencyCode

/** The answer of the one decision point. */
export type Decision = {
  readonly permit: boolean
  /** Whether sealed bytes may be handed out: also where every use was counted, because only a key opens them. */
  readonly gathers: boolean
  readonly code: DecisionCode
  /** The slot that permits; all zero where final and latest block name different slots. */
  readonly key: Hex
}

/**
 * May this reader read now? Asks the contract at the final and at the latest block, each at the own clock and at the
 * head's time, and takes the worst answer: a permit stands only where all of them permit. Break-glass asks no consent:
 * there a window that stands open permits (docs/spec/break-glass.md), and `key` is its id.
 * Errors: `StaleHeadError`, `ChainCallError`, `ChainTimeoutError`.
 * @example
 * const { permit, code } = await decide(chain, { pseudonym, recordId, categoryBit, reader, purpose: 0 })
 */
export async function decide(
  chain: Chain,
  query: DecideQuery,
  { signal, at }: WaitOptions & { at?: View | undefined } = {},
): Promise<Decision> {
  const seen = at ?? (await view(chain, { signal }))
  const said = await worstOf(chain, (when) => ask(chain, query, when), { signal, at: seen })
  const emergency = query.purpose === breakGlass && said.code === 'UNKNOWN_PURPOSE' && hasBreakGlass(chain)
  return emergency ? await decideEmergency(chain, query, { at: seen, signal }) : said
}

const breakGlass = purposes.indexOf('BTG')

/** As whom a reader reads: the one slot that {@link decideAlong} looks at, beside denials of the person. */
export type Path = {
  /** All zero: as the person. */
  readonly credentialId: Hex
  readonly level: number
  readonly role: number
  /** The slot for categories, not the record's. */
  readonly wide: boolean
}

/** {@link decide}, of the one slot at the end of a path. */
export async function decideAlong(
  chain: Chain,
  { path, ...query }: DecideQuery & { readonly path: Path },
  options: WaitOptions & { at?: View | undefined } = {},
): Promise<Decision> {
  const along = async ({ block, time, signal }: Moment) => {
    const args = [asked(query, time), path] as const
    return await read(chain, { ...registry(chain), functionName: 'decideAlong', args }, { block, signal })
  }
  return await worstOf(chain, along, options)
}

type Moment = WaitOptions & { readonly block: bigint; readonly time: number }

/** The worst of what is answered at the final and at the latest block, at the own clock and at the head's time. */
async function worstOf(
  chain: Chain,
  answer: (when: Moment) => Promise<readonly [number, Hex]>,
  { signal, at }: WaitOptions & { at?: View | undefined },
): Promise<Decision> {
  const { latest, final, earlier, later } = at ?? (await view(chain, { signal }))
  const blocks = [...new Set([final.number, latest.number])]
  const times = [...new Set([earlier, later])]
  const answers = await Promise.all(blocks.flatMap((block) => times.map((time) => answer({ block, time, signal }))))
  const codes = answers.map(([code]) => decisions[code] ?? 'UNKNOWN_RECORD')
  const code = codes.reduce((worst, one) => (severity(one) > severity(worst) ? one : worst))
  const keys = new Set(answers.map(([, key]) => key))
  const permit = code === 'PERMIT'
  const key = keys.size === 1 ? ([...keys][0] ?? zeroHash) : zeroHash
  return { permit, gathers: permit || code === 'USED_UP', code, key }
}

/** Of several answers the worst counts. A consent that is used up stands: that is the least of all refusals. */
const severity = (code: (typeof decisions)[number]) => (code === 'USED_UP' ? 0.5 : decisions.indexOf(code))

async function ask(chain: Chain, query: DecideQuery, { block, time, signal }: Moment) {
  const args = [asked(query, time)] as const
  return await read(chain, { ...registry(chain), functionName: 'decide', args }, { block, signal })
}

const asked = ({ recordId = zeroHash, salt = zeroHash, ...query }: DecideQuery, at: number) =>
  ({ ...query, recordId, salt, at }) as const
