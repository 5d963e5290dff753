import { type Bytes, fromHex, type Hex, toHex, utf8 } from '@sharewell/sdk/bytes'
import { type Chain, checkPatientKey, providerOf, purposes } from '@sharewell/sdk/chain'
import { type Capsule, openCapsule, sealCapsule } from '@sharewell/sdk/envelope'
import { keyNodesOf, listCapsules, putCapsule, readPass } from '@sharewell/sdk/flow/key-nodes'
import { sha256 } from '@sharewell/sdk/primitives'
import { agreedCategoryKey } from '@sharewell/sdk/record'
import { UsageError } from '../command.ts'
import { actingAt, type Place, type Session } from './session.ts'

/** What waits for a patient at one provider. */
export type Mail = {
  /** Reasons of those who asked, by the hash that stands on chain. */
  readonly notes: ReadonlyMap<Hex, string>
  /** The key to the bits of the categories, if the provider sent one and no other. */
  readonly categoryKey?: Bytes | undefined
}

/** Fetches and opens what waits. What does not open, or is no provider's where it should be, is left out. */
export async function readMail(session: Session, place: Place, signal: AbortSignal): Promise<Mail> {
  const chain = actingAt(session, place)
  const pseudonym = toHex(place.keys.pseudonym)
  const pass = await readPass(chain, { pseudonym, purpose: purposes.indexOf('PATRQT') })
  const { networkId } = chain.network
  const capsules = await listCapsules(await keyNodesOf(chain, { signal }), { pass, networkId }, { signal })
  const notes = new Map<Hex, string>()
  const categoryKeys: Bytes[] = []
  for (const capsule of capsules) {
    const plain = await openCapsule(capsule, place.keys.self.seed).catch(() => undefined)
    if (plain === undefined) continue
    if (capsule.purpose === 'note') notes.set(toHex(capsule.hash), textOf(plain))
    else if (await isFromProvider(chain, capsule, place, signal)) categoryKeys.push(plain)
  }
  return { notes, categoryKey: agreedCategoryKey(categoryKeys) }
}

/** A note as it is shown. Bytes that are no text must not keep the rest of the mail from being read. */
const textOf = (plain: Bytes): string => new TextDecoder().decode(plain)

/** Anyone attested may leave a capsule; a category key counts only from the provider itself. */
async function isFromProvider(
  chain: Chain,
  { signer }: Capsule,
  { providerId }: Place,
  signal: AbortSignal,
): Promise<boolean> {
  return (await providerOf(chain, { account: signer }, { signal }))?.toLowerCase() === providerId
}

/** Seals a note to a patient, leaves it with the key nodes, and returns its hash for the chain. */
export async function leaveNote(
  { chain, account }: Session,
  { pseudonym, selfPublicKey, text }: { pseudonym: Hex; selfPublicKey: Bytes | undefined; text: string },
  signal: AbortSignal,
): Promise<Hex> {
  if (selfPublicKey === undefined)
    throw new UsageError({
      problem: 'a note can be sealed only to a key, and a pseudonym alone has none',
      hints: ['name the patient by the patient code, which has the key', 'or leave --note and --categories away'],
    })
  await checkPatientKey(chain, { pseudonym, selfPublicKey }, { signal })
  const networkId = fromHex(chain.network.networkId)
  const signer = { address: account.address.toLowerCase() as Hex, signTypedData: account.signTypedData }
  const content = {
    networkId,
    pseudonym: fromHex(pseudonym),
    purpose: 'note',
    publicKey: selfPublicKey,
    plaintext: utf8(text),
  } as const
  const capsule = await sealCapsule(content, signer)
  await putCapsule(await keyNodesOf(chain, { signal }), { capsule }, { signal })
  return toHex(sha256(capsule))
}
