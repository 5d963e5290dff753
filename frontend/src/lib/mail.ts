import { type Bytes, type Hex, toHex } from '@sharewell/sdk/bytes'
import { type Chain, providerOf } from '@sharewell/sdk/chain'
import { openCapsule } from '@sharewell/sdk/envelope'
import { type Accounting, accountOfDisclosures } from '@sharewell/sdk/flow/book'
import { keyNodesOf, listCapsules, type ReadPass } from '@sharewell/sdk/flow/key-nodes'
import { agreedCategoryKey } from '@sharewell/sdk/record'
import { type CategoryNames, categoryNames } from './categories.ts'

/** A doctor's reason, and the account that sealed it. */
export type ReasonNote = { readonly text: string; readonly from: Hex }

/** What the key nodes keep for a patient at one provider, opened on this device. */
export type Mail = {
  /** By the hash that stands on chain. */
  readonly notes: ReadonlyMap<Hex, ReasonNote>
  /** Names the bits of this pseudonym; absent until the hospital has sent its key, and where it sent two. */
  readonly categoryKey?: Bytes | undefined
  readonly categories?: CategoryNames | undefined
  /** Who was given the keys of the patient's records. */
  readonly accounting: Accounting
}

/** Fetches and opens everything that waits. Key nodes see tickets, never the content; what does not open is left out. */
export async function readMail(
  chain: Chain,
  { pass, seed, providerId }: { pass: ReadPass; seed: Bytes; providerId: Hex },
  signal?: AbortSignal,
): Promise<Mail> {
  const { networkId } = chain.network
  const committee = await keyNodesOf(chain, { signal })
  const [capsules, accounting] = await Promise.all([
    listCapsules(committee, { pass, networkId }, { signal }),
    accountOfDisclosures(chain, { pass }, { signal }),
  ])
  const notes = new Map<Hex, ReasonNote>()
  const categoryKeys: Bytes[] = []
  for (const capsule of capsules) {
    const plain = await openCapsule(capsule, seed).catch(() => undefined)
    if (!plain) continue
    if (capsule.purpose === 'note') notes.set(toHex(capsule.hash), { text: textOf(plain), from: capsule.signer })
    // Anyone may leave a capsule; a category key counts only from the provider itself.
    else if (await isFrom(chain, capsule.signer, providerId)) categoryKeys.push(plain)
  }
  const categoryKey = agreedCategoryKey(categoryKeys)
  const categories = categoryKey && categoryNames(categoryKey)
  return { notes, categoryKey, categories, accounting }
}

/** A note as it is shown. Bytes that are no text must not keep the rest of the mail from being read. */
const textOf = (plain: Bytes): string => new TextDecoder().decode(plain)

async function isFrom(chain: Chain, account: Hex, providerId: Hex): Promise<boolean> {
  return (await providerOf(chain, { account }))?.toLowerCase() === providerId.toLowerCase()
}
