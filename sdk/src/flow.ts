/**
 * A record's journey in two calls: {@link deposit} seals, splits, places and anchors; {@link retrieve} asks for the
 * release, gathers, rebuilds, verifies and opens. Read this file first.
 *
 * @module
 */
import { randomBytes } from '#primitives'
import { fromHex, toHex } from './bytes.ts'
import { anchor, checkPatientKey, providerOf, recordIdOf } from './chain/index.ts'
import { cutRecord, operatorsHash } from './flow/cut.ts'
import { depositHeader } from './flow/headers.ts'
import { keyNodesOf } from './flow/key-nodes.ts'
import { chooseStorage, objectSigner, storageParties, verifierOf } from './flow/parties.ts'
import { watch } from './flow/progress.ts'
import { rebuildSource } from './flow/rebuild.ts'
import { writeAuthorization } from './flow/tickets.ts'
import type { DepositOptions, Receipt, Retrieved, RetrieveOptions, SignedAcknowledgement } from './flow/types.ts'
import { describeRecord, unlockRecord } from './flow/unlock.ts'
import { type Acknowledgement, type NodeReceipt, placeRecord } from './place/index.ts'
import { openAll, openBytes, seal } from './seal/index.ts'
import { chunkLog2For, type Policy } from './share/index.ts'

export type * from './flow/types.ts'

/** Five shares, any three of which rebuild; secrecy rests on the record's key alone. */
export const standardPolicy: Policy = { n: 5, t: 3, r: 0 }

/**
 * Deposits a record: a fresh key seals it, n shares go to n operators, and the chain fixes what was placed.
 * Nothing counts before the last step: an attempt that fails or is aborted leaves blocks that nobody can open or find.
 * @throws NotEnoughOperatorsError, NoCommitteeError, PatientKeyError before anything is sealed; NotPlacedError naming each node that
 * failed; ContractRefusalError when the chain refuses the depositor.
 * @example
 * const receipt = await deposit(file.stream(), { chain, patient, categoryBit, mime: 'application/fhir+json' })
 */
export async function deposit(source: seal.Source, options: DepositOptions): Promise<Receipt> {
  const { chain, patient, categoryBit, mime, size, policy = standardPolicy, signal } = options
  const { networkId } = chain.network
  const { pseudonym } = patient
  const tell = watch(options.onProgress)
  const salt = toHex(randomBytes(32))
  const record = { networkId, recordId: recordIdOf(networkId, pseudonym, salt), version: 1 }
  const signer = objectSigner(chain)
  const own = !(await providerOf(chain, { account: signer.address }, { signal }))
  const committee = await keyNodesOf(chain, { signal })
  await checkPatientKey(chain, patient, { signal })

  const chunkLog2 = chunkLog2For(policy, size)
  const sealed = seal(tell.bytes('seal', source, size), {
    recordId: fromHex(record.recordId, 32),
    version: record.version,
    mime,
    chunkLog2,
  })

  const chosen = await chooseStorage(chain, policy.n, options.operators, { signal })
  const operators = chosen.map(({ id }) => id)
  const authorize = writeAuthorization(chain, {
    recordId: record.recordId,
    version: record.version,
    operatorsHash: await operatorsHash(operators),
    maxBytes: boundOf(policy, size),
    operators,
    subject: own ? { pseudonym, salt } : undefined,
  })

  const header = await depositHeader({ ...record, own, signer, sealed, patient, committee }, { tell, signal })

  const cut = cutRecord(
    { ...record, policy, chunkLog2, sealHeader: sealed.header, keyHeaderHash: header.hash, operators },
    signer,
  )
  tell.start('place', policy.n)
  const receipts = await placeRecord({
    nodes: storageParties(chosen, authorize),
    chunks: tell.chunks('split', cut.parts(sealed.chunks)),
    close: async () => cut.close(await sealed.ptCommit),
    verify: verifierOf<Acknowledgement>(chain, 'Acknowledgement', { signal }),
    onReceipt: ({ operator }) => tell.next('place', operator),
    signal,
  })
  tell.done('place')

  tell.start('anchor', 1)
  const { sealedLength, ...hashes } = cut.described()
  const { transactionHash: transaction } = await anchor(
    chain,
    { pseudonym, salt, category: categoryBit, ...hashes, ...policy },
    { signal },
  )
  tell.next('anchor')
  tell.done('anchor')

  const { recordId, version } = record
  const acknowledgements = receipts.map(acknowledged)
  return { recordId, version, pseudonym, ...hashes, policy, sealedLength, transaction, acknowledgements }
}

const acknowledged = ({ operator, index, message, signature }: NodeReceipt): SignedAcknowledgement => ({
  operator,
  index,
  shareRoot: message.shareRoot,
  bytes: Number(message.bytes),
  time: message.time,
  signature,
})

/**
 * Retrieves a record: k key nodes release its key under the patient's consent (a patient opens an own record without
 * them), an untrusted worker rebuilds the sealed bytes, and every byte is checked before it is given out. A worker or
 * node that fails is named in `faults` and survived where enough others are left.
 * @throws before any byte: UnknownRecordError, BlocksUnavailableError, QuorumError with each key node's code,
 * WrapError or OpenError on a wrong key. From `bytes`: TooFewSharesError naming each node, OpenError.
 * @example
 * const record = await retrieve({ chain, recordId, as: { kind: 'reader', purpose: 0, credentialId } })
 * for await (const bytes of record.bytes) await file.write(bytes)
 */
export async function retrieve(options: RetrieveOptions): Promise<Retrieved> {
  const { chain, range, signal } = options
  const tell = watch(options.onProgress)
  const record = await describeRecord(options, { tell, signal })
  const { dek, ...released } = await unlockRecord(record, options, { tell, signal })

  const { manifest } = record
  const source = rebuildSource(chain, { ...record, ...released }, { ...options, tell })
  const sealed = {
    header: manifest.sealHeader,
    dek,
    expected: { recordId: manifest.recordId, version: manifest.version, chunkLog2: manifest.chunkLog2 },
  }
  if (!range) {
    const { bytes, trailer } = openAll({ ...sealed, chunks: source.all(), ptCommit: manifest.ptCommit })
    const end = trailer.then(named)
    // Whoever only reads the bytes learns of a failure there.
    end.catch(() => undefined)
    return { bytes: tell.bytes('open', bytes), trailer: end, faults: record.faults }
  }
  const { bytes, trailer, from, to } = await openBytes({
    ...sealed,
    ...range,
    sealedLen: manifest.sealedLen,
    fetchChunks: source.chunks,
  })
  return {
    bytes: tell.bytes('open', bytes, to - from),
    trailer: Promise.resolve(named(trailer)),
    faults: record.faults,
  }
}

const named = ({ mime, realLen }: { mime: string; realLen: number }) => ({ mime, size: realLen })

/** Bytes that one node may be sent for a record: its share with an eighth of padding, lists and slack. */
function boundOf({ t, r }: Policy, size: number | undefined): bigint {
  if (size === undefined) return 2n ** 40n
  return BigInt(Math.ceil((size * 1.25) / (t - r))) + 2n ** 24n
}
