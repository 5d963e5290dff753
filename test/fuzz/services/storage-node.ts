import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { concat, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { encodeTicket, type Message, signMessage } from '@sharewell/sdk/chain'
import { deletePass } from '@sharewell/sdk/flow'
import { createMemoryStore, toHeader } from '@sharewell/sdk/place'
import { sha256 } from '@sharewell/sdk/primitives'
import { cidOf, cidOfBlock } from '@sharewell/sdk/share'
import { createApp } from '../../../services/storage-node/src/app.ts'
import { type Authority, chainAuthority } from '../../../services/storage-node/src/authority.ts'
import { openLedger } from '../../../services/storage-node/src/ledger.ts'
import { paperNetwork, signerFor } from '../../helpers/parties.ts'
import { passOf } from '../../helpers/passes.ts'
import { sealedRecord } from '../../helpers/sealed-record.ts'
import { silentLog } from '../../helpers/silent-log.ts'
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
  const policy = { n: 3, t: 2, r: 0 }
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
      samplesOf(record, ticket, { read: ticket === write ? read : ticket, erase }),
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
    retire: async (header, options) =>
      header === 'let me' ? { recordId, version: 1, manifestHash, placementHash } : await real.retire(header, options),
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
  { read, erase }: { readonly read: string; readonly erase: string },
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
    { method: 'GET', route: '/v1/status', path: '/v1/status' },
  ]
}
