import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Bytes, fromBase64url, fromHex, type Hex, toBase64url, toHex } from '@sharewell/sdk/bytes'
import { type Chain, hashMessage, type Message, parseMessage, typedData } from '@sharewell/sdk/chain'
import type { KeyNodes } from '@sharewell/sdk/flow/key-nodes'
import { basePoint, encodePoint, encodeScalar, randomScalar, scalarField } from '@sharewell/sdk/group'
import {
  createReaderKey,
  ctHash,
  encaps,
  partial,
  partialHash,
  QuorumError,
  readerProof,
  sealAnswer,
  wrapLabel,
} from '@sharewell/sdk/release'
import { expect } from 'chai'
import { type ReleaseArgs, requestRelease } from '../../../sdk/src/flow/release.ts'
import { now, randomHex } from '../../helpers/ids.ts'
import { newAccount, paperNetwork } from '../../helpers/parties.ts'

/** What it says in node `i`'s name when all nodes answered so. */
type Lie = (answers: readonly string[], i: number) => { readonly status?: number; readonly text: string }

const flip = (text: string): string => {
  const answer = JSON.parse(text) as { ct: string }
  return JSON.stringify({ ...answer, ct: `${answer.ct.startsWith('A') ? 'B' : 'A'}${answer.ct.slice(1)}` })
}

/** Something between a reader and all key nodes that passes requests and answers on, and lies in the name of some. */
describe('a forwarder between a reader and the key nodes', () => {
  const network = paperNetwork()
  const chain = { network } as Chain
  const polynomial = [randomScalar(), randomScalar(), randomScalar()]
  const publicOf = (secret: bigint): Bytes => encodePoint(basePoint.multiply(secret))
  const groupKey = publicOf(polynomial[0] as bigint)
  const networkId = fromHex(network.networkId, 32)
  const recordId = randomHex(32)
  const L = wrapLabel({ networkId, recordId: fromHex(recordId, 32), version: 1, kind: 'W1' })
  const { key, ct } = encaps(groupKey, L)
  const members = [1, 2, 3, 4, 5].map((i) => {
    const share = polynomial.reduceRight((sum, one) => scalarField.add(scalarField.mul(sum, BigInt(i)), one), 0n)
    return { i, account: newAccount(), share: encodeScalar(share), verifyingShare: publicOf(share) }
  })
  const servers: Server[] = []
  /** What the nodes answered to a request: it asks them once. */
  const asked = new Map<string, Promise<string[]>>()
  let nodes: KeyNodes['nodes']
  let early: readonly string[]
  let lie: { readonly about: readonly number[]; readonly say: Lie }

  before(async () => {
    early = await askAll(bodyOf(await args()))
    nodes = await Promise.all(
      members.map(async ({ i, account, verifyingShare }) => {
        const endpoint = await forward(i)
        return { id: randomHex(16), i, account: account.address, verifyingShare, hpkeKeyHash: randomHex(32), endpoint }
      }),
    )
  })
  after(() => {
    for (const server of servers) {
      server.closeAllConnections()
      server.close()
    }
  })

  /** A request as a reader signs it; what nodes check of it is not what is tried here. */
  async function args(): Promise<ReleaseArgs> {
    const reader = createReaderKey()
    const request: Message<'KeyRequest'> = {
      networkId: network.networkId,
      recordId,
      version: 1,
      manifestHash: randomHex(32),
      wrap: 'W1',
      ctHash: toHex(ctHash(ct)),
      consentKey: randomHex(32),
      reader: randomHex(20),
      credentialId: randomHex(32),
      purpose: 0,
      readerKeyHash: toHex(reader.readerKeyHash),
      salt: randomHex(32),
      notAfter: now() + 200,
    }
    const requestHash = hashMessage(network, 'KeyRequest', request)
    const committee = { keyEpoch: 1, k: 3, groupKey, nodes }
    return { chain, committee, request, signature: randomHex(65), requestHash, reader, headerHash: randomHex(32), ct }
  }
  const bodyOf = ({ request, requestHash, reader }: ReleaseArgs): string => {
    const pok = toHex(readerProof(reader, fromHex(requestHash, 32)))
    const beside = { Yr: toHex(reader.Yr), pok, hpkePublicKey: toBase64url(reader.hpkePublicKey) }
    return JSON.stringify({ request, reader: beside })
  }

  /** As five honest nodes answer. */
  const askAll = (body: string): Promise<string[]> =>
    Promise.all(
      members.map(async ({ i, account, share, verifyingShare }) => {
        const { request, reader } = JSON.parse(body) as {
          request: unknown
          reader: { Yr: Hex; hpkePublicKey: string }
        }
        const requestHash = hashMessage(network, 'KeyRequest', parseMessage('KeyRequest', request))
        const about = { networkId, requestHash: fromHex(requestHash, 32), ct, Yr: fromHex(reader.Yr, 32) }
        const made = partial({ keyEpoch: 1, i, share, groupKey }, about)
        const message = {
          requestHash,
          ctHash: toHex(ctHash(ct)),
          keyEpoch: 1,
          i,
          X_i: toHex(verifyingShare),
          Yr: reader.Yr,
          partialHash: toHex(partialHash(made)),
        }
        const signature = fromHex(await account.signTypedData(typedData(network, 'Partial', message)), 65)
        const to = { requestHash: about.requestHash, hpkePublicKey: fromBase64url(reader.hpkePublicKey) }
        const sealed = await sealAnswer({ partial: made, signature }, to)
        return JSON.stringify({ keyEpoch: 1, i, enc: toBase64url(sealed.enc), ct: toBase64url(sealed.ct) })
      }),
    )

  async function forward(i: number): Promise<string> {
    const server = createServer(async (incoming, response) => {
      const parts: Uint8Array[] = []
      for await (const part of incoming) parts.push(part as Buffer)
      const body = Buffer.concat(parts).toString()
      const asking = asked.get(body) ?? askAll(body)
      asked.set(body, asking)
      const answers = await asking
      const { status = 200, text } = lie.about.includes(i) ? lie.say(answers, i) : { text: answers[i - 1] ?? '' }
      response.writeHead(status, { 'content-type': 'application/json' }).end(text)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    servers.push(server)
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  const lies: readonly [string, string, Lie][] = [
    ["gives another node's answer", 'ENVELOPE', (answers, i) => ({ text: answers[i % 5] ?? '' })],
    ['gives what the node answered to an earlier request', 'ENVELOPE', (_, i) => ({ text: early[i - 1] ?? '' })],
    ['alters one byte', 'ENVELOPE', (answers, i) => ({ text: flip(answers[i - 1] ?? '') })],
    ['gives nothing', 'BAD_ANSWER', () => ({ text: '' })],
    ['says that the node refused', 'NO_CONSENT', () => ({ status: 403, text: '{"code":"NO_CONSENT"}' })],
  ]
  for (const [name, code, say] of lies)
    it(`that ${name}: two nodes hidden so are survived, three are too many, and no wrong key comes out`, async () => {
      lie = { about: [1, 4], say }
      const released = await requestRelease(await args())
      expect(released.key).to.deep.equal(key)
      expect([...released.nodes].sort()).to.deep.equal([2, 3, 5])
      for (const fault of released.faults) expect(fault).to.include({ code })
      lie = { about: [1, 2, 4], say }
      const error = await requestRelease(await args()).catch((thrown: unknown) => thrown)
      expect(error).to.be.instanceOf(QuorumError)
      expect((error as QuorumError).refusals.map((refusal) => refusal.code)).to.deep.equal([code, code, code])
    })
})
