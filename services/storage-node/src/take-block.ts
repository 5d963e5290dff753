import { isDiskFull } from '@sharewell/host'
import type { Bytes, Hex } from '@sharewell/sdk/bytes'
import { fromHex } from '@sharewell/sdk/bytes'
import { decode, field } from '@sharewell/sdk/cbor'
import { BaseError } from '@sharewell/sdk/errors'
import { checkBlock } from '@sharewell/sdk/place'
import { digestOf, parseManifest, parsePlacement } from '@sharewell/sdk/share'
import type { WriteGrant } from './authority.ts'
import type { Components } from './components.ts'
import { VersionDeletedError } from './deletions.ts'
import type { Ledger, LedgerBlock } from './ledger.ts'

/** What takes blocks, and lets go of them. */
type BlockTaker = { readonly store: Pick<Components['store'], 'put' | 'remove'> }

/** Takes one block of a record: within the ticket's quota, and only if the bytes are those of the CID.
 * Errors: `QuotaError`, `BlockSharedError`, `VersionDeletedError`, `CidError`, `CidMismatchError`, `BlockSizeError`. */
export async function takeBlock(
  { ledger, store, networkId, room }: Pick<Components, 'ledger' | 'networkId' | 'room'> & BlockTaker,
  { cid, bytes, grant }: { cid: string; bytes: Bytes; grant: WriteGrant },
): Promise<void> {
  digestOf(cid)
  // Nothing is noted for bytes that are not these: an entry may move to a later version, or be taken back from another.
  await checkBlock(cid, bytes)
  const { recordId, version, maxBytes } = grant
  const block = { cid, recordId, version, size: bytes.length }
  const known = ledger.belongs(cid, recordId)
  try {
    ledger.enter(block, maxBytes)
    // A signed object is a CBOR array of three; most blocks are told apart by that first byte. It is described before
    // it is kept: on a full disk there is no manifest here that withholds nothing.
    if (bytes[0] === 0x83) describe(ledger, block, bytes, networkId)
    await store.put(cid, bytes)
    await dropIfDeleted({ ledger, store }, block)
  } catch (error) {
    if (isDiskFull(error)) room.missing()
    if (!known) withdraw(ledger, block)
    throw error
  }
}

/** A version may be deleted while its last blocks arrive. */
async function dropIfDeleted(
  { ledger, store }: Pick<Components, 'ledger'> & BlockTaker,
  { cid, recordId, version }: LedgerBlock,
): Promise<void> {
  if (!ledger.isBuried({ recordId, version })) return
  if (ledger.recordsOf(cid).length === 0) await store.remove([cid])
  throw new VersionDeletedError({ version })
}

/** What went wrong first is what the client hears. An entry that could not be taken back names a block that is not here. */
function withdraw(ledger: Ledger, block: LedgerBlock): void {
  try {
    ledger.withdraw(block)
  } catch (error) {
    if (!isDiskFull(error)) throw error
  }
}

/** Where r > 0, the swarm must not carry shares from node to node: r + 1 of them in one place would break the promise
 * that r nodes learn nothing. Manifest and placement are told by their own bytes; what they call a list may be a share. */
function describe(ledger: Ledger, block: LedgerBlock, bytes: Bytes, networkId: Hex): void {
  const expected = { networkId: fromHex(networkId, 32), recordId: fromHex(block.recordId as Hex, 32) }
  // A look at the fields says which of the two it would be; a signature costs a hundred times that.
  const manifest = fieldsOf(bytes).has('shareLen') ? parsed(() => parseManifest(bytes, expected).manifest) : undefined
  if (manifest || parsed(() => parsePlacement(bytes, expected))) ledger.describe(block, (manifest?.r ?? 0) > 0)
}

/** Names of the fields in a signed object's payload; none where it is no signed object. */
function fieldsOf(bytes: Bytes): ReadonlySet<string> {
  const payload = parsed(() => {
    const [first] = field.array((part) => part, 3)(decode(bytes), 'signed object')
    return decode(field.bytes()(first, 'payload'))
  })
  return new Set(typeof payload === 'object' && payload !== null ? Object.keys(payload) : [])
}

function parsed<T>(parse: () => T): T | undefined {
  try {
    return parse()
  } catch (error) {
    if (error instanceof BaseError) return undefined
    throw error
  }
}
