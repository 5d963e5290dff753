import { type Bytes, concat, type Hex, toHex } from '@sharewell/sdk/bytes'
import { answerComplaint, type Complaint, complain, complaintMessages, complaintsOf } from '@sharewell/sdk/chain'
import { encLength, publicKeyOf } from '@sharewell/sdk/envelope'
import { dealtShare, judge, openShare, type Package } from '@sharewell/sdk/release'
import { type Act, type CeremonyParts, dealTo, ifRefused, isKeyOf } from './ceremony-acts.ts'
import { type Dealing, dealtShares, keepDealt } from './ceremony-state.ts'
import { bytesOf, type CeremonyView } from './ceremony-view.ts'

type Said = Complaint & { readonly data: Hex }

/** Answers what members complained of: first with the sealed share, which nobody can withhold, then in clear. */
export async function answerAll(parts: CeremonyParts, view: CeremonyView, { polynomial }: Dealing): Promise<Act[]> {
  const { chain } = parts
  const { ceremony, own } = view
  const waiting = (await complaintsOf(chain, ceremony)).filter(({ dealer, level }) => dealer === own && level % 2 === 1)
  if (waiting.length === 0) return []
  const said = await complaintMessages(chain, ceremony, { fromBlock: ceremony.startBlock })
  for (const { member, level } of waiting) {
    const to = ceremony.members.indexOf(member) + 1
    const key = said.find((one) => one.dealer === own && one.member === member && one.level === level)?.data ?? '0x'
    const data = level === 3 ? dealtShare(polynomial, to) : await sealedFor(parts, view, { polynomial, to, key })
    await answerComplaint(chain, { ceremony: ceremony.ceremony, member, data: toHex(data) })
  }
  return ['answered']
}

/** The sealed share as one string; nothing where the member named another key than its registered one. */
async function sealedFor(
  parts: CeremonyParts,
  view: CeremonyView,
  { polynomial, to, key }: Pick<Dealing, 'polynomial'> & { to: number; key: Hex },
): Promise<Bytes> {
  const publicKey = bytesOf(key)
  if (!(await isKeyOf(parts.chain, view.ceremony.members[to - 1] ?? '0x', publicKey))) return new Uint8Array()
  const { enc, ct } = await dealTo(parts, view, { polynomial, to, publicKey })
  return concat(enc, ct)
}

/** Takes what dealers answered on chain, then complains of what is missing past its time, or still bad. */
export async function complainOfMissing(
  parts: CeremonyParts,
  view: CeremonyView,
  packages: readonly Package[],
): Promise<Act[]> {
  const { chain, keys, hpkeSeed } = parts
  const { ceremony, own } = view
  if (!view.member) return []
  const said = await complaintMessages(chain, ceremony, { fromBlock: ceremony.startBlock, toBlock: view.final })
  const answers = said.filter(({ member, level }) => member === own && level % 2 === 0)
  await takeAnswers(parts, view, { packages, answers })
  const kept = await dealtShares(keys, view)
  const mine = (await complaintsOf(chain, ceremony)).filter(({ member }) => member === own)
  const lacking = ceremony.dealers.filter((dealer, at) => dealer !== own && !kept.has(packages[at]?.from ?? 0))
  const acts: Act[] = []
  for (const dealer of lacking) {
    const level = mine.find((one) => one.dealer === dealer)?.level ?? 0
    const answered = answers.some((one) => one.dealer === dealer && one.level === level)
    if (!isDue(view, level, answered)) continue
    await complain(chain, { ceremony: ceremony.ceremony, dealer, key: toHex(publicKeyOf(hpkeSeed)) })
    acts.push('complained')
  }
  return acts
}

async function takeAnswers(
  { keys, hpkeSeed }: CeremonyParts,
  view: CeremonyView,
  { packages, answers }: { packages: readonly Package[]; answers: readonly Said[] },
): Promise<void> {
  const to = view.member ?? 0
  for (const { dealer, level, data } of answers) {
    const shown = packages[view.ceremony.dealers.indexOf(dealer)] as Package
    const bytes = bytesOf(data)
    const sealed = { enc: bytes.subarray(0, encLength), ct: bytes.subarray(encLength) }
    const clear = judge(shown, to, bytes) === 'valid' ? bytes : undefined
    const share = level === 4 ? clear : await openShare(view.frame, { shown, to, hpkeSeed }, sealed).catch(ifRefused)
    if (share) await keepDealt(keys, view, shown.from, share)
  }
}

/** A first complaint has its time once every package was due, a second one after an answer; both end. */
function isDue({ ceremony, now }: CeremonyView, level: number, answered: boolean): boolean {
  const windows = (now - ceremony.startedAt) / ceremony.window
  if (level === 0) return windows > 2 && windows <= 3
  return level === 2 && answered && windows <= 5
}
