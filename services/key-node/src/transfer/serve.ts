import type { Bytes, Hex } from '@sharewell/sdk/bytes'
import { activeEpoch, type Chain, operatorInfo, type Ticket, verifyTicket, view } from '@sharewell/sdk/chain'
import type { ObjectStore } from '../files.ts'
import { RefusalError } from '../refusals.ts'

/** Names of kept objects in one answer. */
const mostNames = 1_000

/** What is kept, by the names under which members take it: `headers/<hash>` and `capsules/<pseudonym>/<hash>`. */
type TransferName = { readonly folder: string; readonly hash: Hex }

type Asked = { readonly chain: Chain; readonly node: Hex; readonly signal?: AbortSignal | undefined }

/**
 * Makes sure that one of `members`, by default of the committee that serves, asks this node. What is kept here is shown to
 * nobody else: a header opens nothing, but the list tells how many records there are. Refuses with NOT_A_MEMBER.
 */
export async function checkMember(
  { chain, node, signal }: Asked,
  ticket: Ticket<'OperatorTicket'>,
  members?: readonly Hex[],
): Promise<void> {
  const { operator, node: meant } = ticket.message
  const at = await view(chain, { signal })
  const signer = await verifyTicket(chain, ticket, { at, node, signal })
  const [info, serving] = await Promise.all([
    operatorInfo(chain, { operator }, { signal }),
    activeEpoch(chain, { block: at.latest.number, signal }),
  ])
  const own = info?.active && info.kind === 'key' && info.account.toLowerCase() === signer.toLowerCase()
  const known = members ?? serving?.members ?? []
  if (!own || meant !== node || !known.includes(operator)) throw new RefusalError({ refusal: 'NOT_A_MEMBER' })
}

/** One page of the names of what is kept here, in order, after the name given. */
export async function listNames(objects: ObjectStore, after: string): Promise<string[]> {
  const capsules = (await objects.folders('capsules')).map((pseudonym) => `capsules/${pseudonym}`)
  const names: string[] = []
  for (const folder of [...capsules.toSorted(), 'headers']) {
    if (`${folder}/~` <= after) continue
    const found = (await objects.list(folder)).map((hash) => `${folder}/${hash}`).toSorted()
    names.push(...found.filter((name) => name > after))
    if (names.length >= mostNames) break
  }
  return names.slice(0, mostNames)
}

/** One object. Refuses with UNKNOWN_HEADER. */
export async function giveObject(objects: ObjectStore, name: string): Promise<Bytes> {
  const { folder, hash } = readName(name) ?? {}
  const bytes = folder && hash && (await objects.get(folder, hash))
  if (!bytes) throw new RefusalError({ refusal: 'UNKNOWN_HEADER' })
  return bytes
}

/** The folder and hash in a name, or undefined where it is none. */
export function readName(name: string): TransferName | undefined {
  const [, folder, hash] = /^(headers|capsules\/0x[0-9a-f]{64})\/(0x[0-9a-f]{64})$/.exec(name) ?? []
  return folder && hash ? { folder, hash: hash as Hex } : undefined
}
