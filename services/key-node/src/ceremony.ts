import type { Log } from '@sharewell/host'
import type { Bytes, Hex } from '@sharewell/sdk/bytes'
import {
  activeEpoch,
  type CeremonyState,
  type Chain,
  ceremonyOf,
  epochOf,
  latestCeremony,
  view,
} from '@sharewell/sdk/chain'
import { dealtShare } from '@sharewell/sdk/release'
import {
  type Act,
  acceptIfWhole,
  type CeremonyParts,
  culpritsIn,
  dealTo,
  isKeyOf,
  showPackage,
  takeShares,
  voteOut,
} from './ceremony-acts.ts'
import { answerAll, complainOfMissing } from './ceremony-complaints.ts'
import { dealingOf, dealtShares, keepDealt, keptCeremonies, notedIn, type SignedShare } from './ceremony-state.ts'
import { CeremonyStateError, type CeremonyView, packagesOf, viewCeremony } from './ceremony-view.ts'
import { eraseShare } from './committee.ts'
import { every, type Repeated } from './every.ts'
import type { KeyStore } from './keystore.ts'

/** This node's side of ceremonies. It acts on what stands in a final block; nobody has to be trusted to ask it. */
export type CeremonyService = {
  /** Does what this node has to do next on chain, and erases what is over. */
  act(ceremony: number): Promise<{ readonly state: CeremonyState; readonly did: readonly Act[] }>
  /** As a dealer, gives the sealed shares; a member without a key gets none. The same bytes each time. */
  shares(ceremony: number, publicKeys: readonly (Bytes | null)[]): Promise<readonly SignedShare[]>
  /** As a member, keeps the shares that verify; the numbers of dealers whose share it has not. */
  take(ceremony: number, shares: readonly SignedShare[]): Promise<readonly number[]>
}

/** One step at a time: two callers never draw, seal or send the same thing twice. */
export function createCeremonies(parts: CeremonyParts): CeremonyService {
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const turn = last.then(task, task)
    last = turn.catch(() => undefined)
    return turn
  }
  const look = async (ceremony: number) => await viewCeremony(parts.chain, { ceremony, own: await parts.operator() })
  return {
    act: (ceremony) =>
      inTurn(async () => {
        const seen = await look(ceremony)
        await eraseWhatIsOver(parts)
        const { state } = seen.ceremony
        return { state, did: state === 'open' ? await actOn(parts, seen) : [] }
      }),
    shares: (ceremony, publicKeys) => inTurn(async () => await deal(parts, await look(ceremony), publicKeys)),
    take: (ceremony, shares) => inTurn(async () => await take(parts, await look(ceremony), shares)),
  }
}

async function actOn(parts: CeremonyParts, seen: CeremonyView): Promise<Act[]> {
  const dealing = await dealingOf(parts.keys, seen)
  const packages = await packagesOf(parts.chain, seen)
  if (!packages) return dealing ? await showPackage(parts, seen, dealing) : []
  const culprits = await culpritsIn(parts, seen, packages)
  if (culprits.length > 0) return await voteOut(parts, seen, culprits)
  const acts = dealing ? await answerAll(parts, seen, dealing) : []
  if (dealing && seen.dealer && seen.member)
    await keepDealt(parts.keys, seen, seen.dealer, dealtShare(dealing.polynomial, seen.member))
  acts.push(...(await complainOfMissing(parts, seen, packages)))
  return [...acts, ...(await acceptIfWhole(parts, seen, packages))]
}

async function deal(
  parts: CeremonyParts,
  seen: CeremonyView,
  publicKeys: readonly (Bytes | null)[],
): Promise<readonly SignedShare[]> {
  const dealing = await dealingOf(parts.keys, seen)
  const shown = await packagesOf(parts.chain, seen)
  if (!dealing || !shown)
    throw new CeremonyStateError({ reason: 'it deals once every package is shown, if it is a dealer' })
  const dealt: SignedShare[] = []
  for (const [at, member] of seen.ceremony.members.entries()) {
    const publicKey = publicKeys[at]
    if (!publicKey || member === seen.own) continue
    if (!(await isKeyOf(parts.chain, member, publicKey)))
      throw new CeremonyStateError({ reason: `member ${at + 1} has registered another HPKE key` })
    dealt.push(await dealTo(parts, seen, { polynomial: dealing.polynomial, to: at + 1, publicKey }))
  }
  return dealt
}

async function take(
  parts: CeremonyParts,
  seen: CeremonyView,
  shares: readonly SignedShare[],
): Promise<readonly number[]> {
  const packages = await packagesOf(parts.chain, seen)
  if (!packages || !seen.member)
    throw new CeremonyStateError({ reason: 'it takes shares once every package is shown, if it is a member' })
  await takeShares(parts, seen, { packages, shares })
  const kept = await dealtShares(parts.keys, seen)
  return seen.frame.dealers.filter((from) => !kept.has(from) && from !== seen.dealer)
}

/** Forgets, by the final block, the shares of epochs that do not serve any more, and all of ceremonies that are over. */
async function eraseWhatIsOver({ chain, keys }: { chain: Chain; keys: KeyStore }): Promise<void> {
  const { final } = await view(chain)
  const at = { block: final.number }
  const serving = await activeEpoch(chain, at)
  for (let epoch = 1; serving && epoch < serving.epoch; epoch++) {
    const past = await epochOf(chain, { epoch }, at)
    if (past) await eraseShare(keys, past.transcriptHash)
  }
  for (const [ceremony, names] of await keptCeremonies(keys)) {
    const entry = await ceremonyOf(chain, { ceremony }, at)
    if (!entry || entry.state === 'open') continue
    const results = names.map(notedIn).filter((one): one is Hex => one !== undefined)
    for (const result of results) if (result !== serving?.transcriptHash) await eraseShare(keys, result)
    for (const name of names) await keys.erase(name)
  }
}

/** Looks now and then whether a ceremony waits for this node, so that nobody can silence it by not asking. */
export function watchCeremonies(
  { chain, service, log }: { chain: Chain; service: CeremonyService; log: Log },
  { interval }: { interval: number },
): Repeated {
  async function look(): Promise<void> {
    const ceremony = await latestCeremony(chain)
    if (ceremony === 0) return
    const { did } = await service.act(ceremony)
    if (did.length > 0) log.info({ ceremony, did }, 'ceremony')
  }
  const attempt = () =>
    look().catch((error: unknown) => log.warn({ error: (error as Error).name }, 'ceremony not looked at'))
  return every(interval, attempt)
}
