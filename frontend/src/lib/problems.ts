import { contractProblems } from './contract-problems.ts'
import { journeyProblems } from './journey-problems.ts'
import { decisionProblems, type Known } from './known-problems.ts'
import { relayerCode, relayerProblems } from './relayer-problems.ts'

/** An error as a person reads it. */
export type Explanation = Known & {
  readonly code?: string | undefined
  /** For those who help: what the error itself says. */
  readonly detail?: string | undefined
}

const known: Readonly<Record<string, Known>> = { ...decisionProblems, ...journeyProblems, ...contractProblems }
const again = 'Try again in a moment.'

/** The refusal that most key nodes gave, where they agree on one that has words of its own. */
function commonRefusal(error: Error): string | undefined {
  const { refusals } = error as { refusals?: readonly { readonly code: string }[] }
  const counts = new Map<string, number>()
  for (const { code } of refusals ?? []) counts.set(code, (counts.get(code) ?? 0) + 1)
  const [most] = [...counts].sort((a, b) => b[1] - a[1])
  return most && Object.hasOwn(known, most[0]) ? most[0] : undefined
}

/** A problem with words of its own. */
function knownProblem(error: Error): Explanation | undefined {
  const code = commonRefusal(error) ?? codeOf(error)
  const found = code && Object.hasOwn(known, code) ? known[code] : undefined
  return found && { ...found, todo: found.todo ?? hintOf(error), code }
}

/** What kept a decision from being sent on. The same code of a key node means something else. */
function relayerRefusal(error: Error): Explanation | undefined {
  const { code, refusals = [] } = error as { code?: unknown; refusals?: readonly { readonly code: string }[] }
  if (code !== 'RELAYER') return undefined
  const found = relayerCode(refusals)
  return { ...(relayerProblems[found] as Known), code: `RELAYER_${found}` }
}

/** Explains any error: by the first code in its chain of causes that we know, else by its own first line. */
export function explain(error: unknown): Explanation {
  const chain = causesOf(error)
  const detail = chain.map((one) => one.message).join('\n\n') || String(error)
  for (const one of chain) {
    const found = relayerRefusal(one) ?? knownProblem(one)
    if (found) return { ...found, detail: found.mild ? undefined : detail }
  }
  const [first = 'Something went wrong.'] = (chain[0]?.message ?? String(error)).split('\n')
  const todo = chain.map(hintOf).find(Boolean) ?? again
  return { title: 'That did not work', what: first, todo, code: chain.map(codeOf).find(Boolean), detail }
}

/** The first hint that an error carries. */
const hintOf = (error: Error): string | undefined => (error as { hints?: readonly string[] }).hints?.[0]

function causesOf(error: unknown): Error[] {
  const chain: Error[] = []
  for (let one = error; one instanceof Error && !chain.includes(one) && chain.length < 12; one = one.cause)
    chain.push(one)
  return chain
}

function codeOf(error: Error): string | undefined {
  const { code, name, reason } = error as { code?: unknown; name: string; reason?: unknown }
  // Consent refuses in the words of its one decision point.
  if (code === 'CONSENT_REFUSED' && typeof reason === 'string') return reason
  if (code === 'CONTRACT_REFUSAL' && typeof reason === 'string' && Object.hasOwn(contractProblems, reason))
    return reason
  if (code === 4001 || name === 'UserRejectedRequestError') return 'REFUSED'
  if (name === 'AbortError') return 'ABORTED'
  if (typeof code === 'string') return code.replace(/^E_/, '')
  return undefined
}

/** An operator's failure in two or three words, for the chip that names it. */
export function problemWords(code: string | undefined): string {
  if (!code) return 'no good answer'
  const plain = code.replace(/^E_/, '')
  return Object.hasOwn(known, plain)
    ? (known[plain] as Known).title.toLowerCase()
    : plain.replaceAll('_', ' ').toLowerCase()
}

/** A refusal of the registry in words. */
export function decisionWords(code: string): Known {
  return known[code] ?? { title: 'Closed', what: 'The public ledger refuses this.' }
}
