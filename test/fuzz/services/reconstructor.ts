import { type Hex, toHex } from '@sharewell/sdk/bytes'
import { createHttpStore, toJson } from '@sharewell/sdk/place'
import { randomBytes } from '@sharewell/sdk/primitives'
import { cidOfBlock } from '@sharewell/sdk/share'
import { createApp } from '../../../services/reconstructor/src/app.ts'
import { type Authority, chainAuthority } from '../../../services/reconstructor/src/authority.ts'
import { openFaultStore } from '../../../services/reconstructor/src/fault-store.ts'
import { newParties, type Party, paperNetwork, signerFor, signingFacts } from '../../helpers/parties.ts'
import { rebuildBody } from '../../helpers/reconstructor.ts'
import { sealedRecord } from '../../helpers/sealed-record.ts'
import { silentLog } from '../../helpers/silent-log.ts'
import { paperChain } from '../paper-chain.ts'
import { account, hexOf } from '../parsers/samples.ts'
import type { Fuzzed } from '../requests.ts'
import type { Tree } from '../trees.ts'

/** A reconstructor whose storage nodes lie in memory. Requests that name another record or a signer go to a chain that says whatever comes
 * to mind, the others are let through to the rebuilding. */
export async function fuzzedReconstructor(): Promise<Fuzzed> {
  const network = paperNetwork()
  const chain = paperChain(network, account)
  const [own, ...nodes] = newParties(4) as [Party, ...Party[]]
  const operators = nodes.map(({ operator }) => operator)
  const policy = { n: 3, t: 2, r: 0 }
  const record = await sealedRecord({
    networkId: network.networkId,
    uploader: account,
    policy,
    operators,
    dataLength: 70_000,
  })
  const blocks = new Map(
    [record.blocks.manifest, record.blocks.placement, ...record.blocks.lists].map((bytes) => [
      cidOfBlock(bytes),
      bytes,
    ]),
  )
  for (const { cid, body } of record.parts.flat()) blocks.set(cid, body)
  const fetch = async (url: string) => {
    const bytes = blocks.get(new URL(url).pathname.split('/').at(-1) ?? '')
    return bytes ? new Response(bytes) : new Response('none', { status: 404 })
  }
  const app = createApp({
    operator: own.operator,
    network: signingFacts(network),
    authority: lenient(chainAuthority(chain, { operator: own.operator }), record, nodes),
    connect: ({ endpoint }) => createHttpStore({ url: endpoint, authorize: async () => 'ticket', fetch }),
    sign: { frame: signerFor(network, 'Frame', account), receipt: signerFor(network, 'WorkReceipt', account) },
    faults: openFaultStore(),
    log: silentLog,
    clock: chain.clock,
  })
  const range = { first: 0, count: record.sealed.length, nonce: toHex(randomBytes(32)) as Hex }
  const body = JSON.parse(toJson(await rebuildBody(network, record, account, range, own))) as Tree
  const signed = { message: body, signature: hexOf(1, 65) }
  const rebuild = { method: 'POST', route: '/v1/rebuild', path: '/v1/rebuild', dear: true } as const
  return {
    app,
    samples: [
      { ...rebuild, json: body },
      { ...rebuild, json: { ...(body as object), signer: hexOf(2, 20), releaseRequest: signed } },
      { method: 'GET', route: '/v1/status', path: '/v1/status' },
      { method: 'GET', route: '/v1/faults', path: '/v1/faults' },
      { method: 'GET', route: '/v1/faults/:fault', path: `/v1/faults/${hexOf(4, 32)}` },
    ],
    close: async () => undefined,
  }
}

function lenient(
  real: Authority,
  record: Awaited<ReturnType<typeof sealedRecord>>,
  nodes: readonly Party[],
): Authority {
  return {
    async check(claim, options) {
      if (claim.signer || claim.recordId !== record.recordId) return await real.check(claim, options)
      const { recordId, manifestHash, placementHash } = record
      return { recordId, version: 1, manifestHash, placementHash, reader: toHex(randomBytes(20)) }
    },
    nodes: async () =>
      nodes.map(({ operator, account: own }) => ({ operator, account: own.address, endpoint: 'http://node' })),
    verifyShare: real.verifyShare,
  }
}
