import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Bytes, concat, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { encodeTicket, type Message, signMessage } from '@sharewell/sdk/chain'
import { deletePass } from '@sharewell/sdk/flow'
import { createMemoryStore, toHeader } from '@sharewell/sdk/place'
import { sha256 } from '@sharewell/sdk/primitives'
import { cidOf, cidOfBlock, encodeRenewAsk, encodeRepairAsk, encodeTerms } from '@sharewell/sdk/share'
import { createApp } from '../../../services/storage-node/src/app.ts'
import { type Authority, chainAuthority } from '../../../services/storage-node/src/authority.ts'
import { openLedger } from '../../../services/storage-node/src/ledger.ts'
import { openRenewals } from '../../../services/storage-node/src/renew-files.ts'
import { paperNetwork, signerFor } from '../../helpers/parties.ts'
import { passOf } from '../../helpers/passes.ts'
import { sealedRecord } from '../../helpers/sealed-record.ts'
import { silentLog } from '../../helpers/silent-log.ts'
import { hpkePair } from '../../helpers/storage.ts'
import { paperChain } from '../paper-chain.ts'
import { account, hexOf } from '../parsers/samples.ts'
import type { Fuzzed, Sample } from '../requests.ts'

const operator = hexOf(1, 16)

/** A storage node that holds a whole share. Half of the requests carry a real ticket, which a chain judges that says
 * whatever comes to mind; the others a word that lets them through to what lies behind. */
export async function fuzzedStorageNode(): Promise<Fuzzed> {
  const network = paperNetwork()
  const folder = await mkdtemp(path.join(tmpdir(), 'sharewell-fuzz-storage-'))
  const chain = paperChain(network, account)
  const policy = { n: 3, t: 2, r: 1 }
  const operators = [operator, hexOf(2, 16), hexOf(3, 16)]
  const record = await sealedRecord({
    networkId: network.networkId,
    uploader: account,
    policy,
    operators,
    dataLength: 70_000,
  })
  const memory = createMemoryStore()
  const store = {
    ...memory,
    fetch: memory.get,
    remove: async (cids: readonly string[]) => {
      for (const cid of cids) memory.blocks.delete(cid)
    },
    settle: async () => undefined,
    peers: () => ['a peer'],
    addresses: () => ['/ip4/127.0.0.1/tcp/1'],
  }
  const ledger = openLedger(path.join(folder, 'ledger.sqlite'))
  const { recordId } = record
  for (const bytes of [record.blocks.manifest, record.blocks.placement, ...record.blocks.lists, ...sharesOf(record)]) {
    await store.put(cidOfBlock(bytes), bytes)
    ledger.enter({ cid: cidOfBlock(bytes), recordId, version: 1, size: bytes.length }, 1e9)
  }
  const app = createApp({
    operator,
    networkId: network.networkId,
    store,
    ledger,
    authority: lenient(chainAuthority(chain, { operator }), record),
    swarm: { join: async () => undefined },
    hpke: hpkePair(),
    renewals: openRenewals(folder),
    author: account,
    room: { missing: () => undefined, left: async () => true },
    sign: {
      acknowledgement: signerFor(network, 'Acknowledgement', account),
      shareResponse: signerFor(network, 'ShareResponse', account),
      deletion: signerFor(network, 'Deletion', account),
    },
    log: silentLog,
    clock: chain.clock,
  })
  const write = await writeTicket(chain, recordId, operators)
  const pass = await passOf(chain, { pseudonym: hexOf(4) })
  const read = encodeTicket(await pass.ticketFor(operator))
  const erase = encodeTicket(await (await deletePass(chain, { recordId, version: 1 })).ticketFor(operator))
  return {
    app,
    samples: ['let me', write].flatMap((ticket) =>
      samplesOf(record, ticket, { operators, read: ticket === write ? read : ticket, erase }),
    ),
    async close() {
      ledger.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

type SealedRecord = Awaited<ReturnType<typeof sealedRecord>>

const sharesOf = ({ parts }: SealedRecord) => parts.map((part) => part[0]?.body ?? new Uint8Array())

function lenient(real: Authority, { recordId, manifestHash, placementHash }: SealedRecord): Authority {
  return {
    write: async (header, options) =>
      header === 'let me' ? { recordId, version: 1, maxBytes: 1e12 } : await real.write(header, options),
    read: async (header, records, options) => header === 'let me' || (await real.read(header, records, options)),
    erase: (header, options) => real.erase(header, options),
    keeper: (id, options) => real.keeper(id, options),
    current: (id, options) => real.current(id, options),
    relocates: (account, id, options) => real.relocates(account, id, options),
    head: (options) => real.head(options),
    finalHash: (block, options) => real.finalHash(block, options),
    standing: async (header, options) =>
      header === 'let me'
        ? { recordId, version: 1, manifestHash, placementHash, maxBytes: 2 ** 40 }
        : await real.standing(header, options),
  }
}

async function writeTicket(
  chain: Parameters<typeof signMessage>[0] & { clock(): number },
  recordId: Hex,
  operators: readonly Hex[],
) {
  const operatorsHash = toHex(sha256(concat(...operators.map((id) => fromHex(id, 16)))))
  const message: Message<'WriteTicket'> = {
    recordId,
    version: 1,
    operatorsHash,
    maxBytes: 10n ** 9n,
    notAfter: chain.clock() + 800,
  }
  const signature = await signMessage(chain, 'WriteTicket', message)
  const subject = { pseudonym: hexOf(5), salt: hexOf(6) }
  return encodeTicket({ kind: 'WriteTicket', message, signature, extra: { operators, subject } })
}

function samplesOf(
  record: SealedRecord,
  write: string,
  { operators, read, erase }: { readonly operators: readonly Hex[]; readonly read: string; readonly erase: string },
): Sample[] {
  const { manifestHash, placementHash, blocks, parts } = record
  const share = { manifestHash, index: 0, chunk: 0, nonce: hexOf(7) }
  const cid = parts[0]?.[0]?.cid ?? ''
  const headers = { authorization: read, accept: 'application/vnd.ipld.raw', 'x-sharewell-share': toHeader(share) }
  const ask = { manifest: cidOf(fromHex(manifestHash)), placement: cidOf(fromHex(placementHash)), index: 0 }
  return [
    {
      method: 'PUT',
      route: '/v1/blocks/:cid',
      path: `/v1/blocks/${cidOfBlock(blocks.manifest)}`,
      headers: { authorization: write },
      bytes: blocks.manifest,
    },
    { method: 'GET', route: '/ipfs/:cid', path: `/ipfs/${cid}?format=raw`, headers },
    {
      method: 'POST',
      route: '/v1/acknowledge',
      path: '/v1/acknowledge',
      headers: { authorization: write },
      json: ask,
      dear: true,
    },
    {
      method: 'POST',
      route: '/v1/delete',
      path: '/v1/delete',
      headers: { authorization: erase },
      dear: true,
    },
    { method: 'POST', route: '/v1/retire', path: '/v1/retire', headers: { authorization: write }, dear: true },
    ...['pieces', 'sums', 'take'].map((step) => ordered(`repair/${step}`, write, repairAsk(record))),
    ordered('repair/open', read, repairAsk(record)),
    ...['open', 'words', 'rows', 'posts', 'checks', 'take', 'finish', 'drop'].map((step) =>
      ordered(`renew/${step}`, write, refreshAsk(record, operators)),
    ),
    ...['seeds', 'parts', 'confirm', 'show'].map((step) => ordered(`renew/${step}`, read, changeAsk(record))),
    { method: 'GET', route: '/v1/status', path: '/v1/status' },
  ]
}

function ordered(step: string, ticket: string, bytes: Bytes): Sample {
  const path = `/v1/${step}`
  return { method: 'POST', route: path, path, headers: { authorization: ticket }, bytes, dear: true }
}

/** Whole in its form; the keeper of share 2 is one that no registry names. */
function repairAsk(record: SealedRecord): Bytes {
  const receivers = [fromHex(hexOf(3, 16), 16)]
  const terms = encodeTerms({ ...termsOf(record), epoch: 0, kind: 'repair', contributors: [0, 1], receivers, share: 2 })
  return encodeRepairAsk({ terms, first: 0, count: 1, keys: [new Uint8Array(1_216)], parts: [[new Uint8Array(9)]] })
}

/** A step of a refresh that this node may take part in; what others would have said is made up. */
function refreshAsk(record: SealedRecord, operators: readonly Hex[]): Bytes {
  const receivers = operators.map((id) => fromHex(id, 16))
  const terms = encodeTerms({ ...termsOf(record), epoch: 1, kind: 'refresh', contributors: [0, 1], receivers, off: 0 })
  const said = operators.map(() => new Uint8Array(9))
  return encodeRenewAsk({ terms, first: 0, count: 1, block: 1, leaves: new Uint8Array(32), said, parts: [said] })
}

/** A step of a change; its draft is the placement that stands, which follows nothing. */
function changeAsk(record: SealedRecord): Bytes {
  const terms = encodeTerms({
    ...termsOf(record),
    epoch: 1,
    kind: 'change',
    contributors: [0, 1],
    receivers: [fromHex(hexOf(3, 16), 16)],
    draft: fromHex(record.placementHash, 32),
    policy: { n: 3, t: 2, r: 1 },
  })
  const said = [new Uint8Array(9)]
  return encodeRenewAsk({ terms, draft: record.blocks.placement, first: 0, count: 1, said, parts: [said] })
}

const termsOf = ({ recordId, manifestHash, placementHash, manifest }: SealedRecord) => ({
  v: 1 as const,
  networkId: manifest.networkId,
  recordId: fromHex(recordId, 32),
  version: 1,
  manifestHash: fromHex(manifestHash, 32),
  placementHash: fromHex(placementHash, 32),
  nonce: fromHex(hexOf(9), 32),
})
