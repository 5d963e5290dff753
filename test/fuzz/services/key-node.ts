import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fromHex, type Hex, toBase64url, toHex } from '@sharewell/sdk/bytes'
import { type Chain, signMessage, ticketToJson } from '@sharewell/sdk/chain'
import { publicKeyOf, sealCapsule } from '@sharewell/sdk/envelope'
import { deletePass } from '@sharewell/sdk/flow'
import { basePoint, encodePoint } from '@sharewell/sdk/group'
import { sha256 } from '@sharewell/sdk/primitives'
import { encodeKeyHeader, wrapDek } from '@sharewell/sdk/release'
import { signObject } from '@sharewell/sdk/signed'
import { openAnswerStore } from '../../../services/key-node/src/answers.ts'
import { createApp } from '../../../services/key-node/src/app.ts'
import { createBook } from '../../../services/key-node/src/book/service.ts'
import { openSignedLast } from '../../../services/key-node/src/book/signed-last.ts'
import { createCeremonies } from '../../../services/key-node/src/ceremony.ts'
import { createDkg } from '../../../services/key-node/src/dkg.ts'
import { openErasures } from '../../../services/key-node/src/erasures.ts'
import { openObjectStore } from '../../../services/key-node/src/files.ts'
import { openKeyStore } from '../../../services/key-node/src/keystore.ts'
import { paperNetwork } from '../../helpers/parties.ts'
import { passOf } from '../../helpers/passes.ts'
import { signRequest } from '../../helpers/requests.ts'
import { silentLog } from '../../helpers/silent-log.ts'
import { paperChain } from '../paper-chain.ts'
import { account, filled, hexOf } from '../parsers/samples.ts'
import type { Fuzzed, Sample } from '../requests.ts'
import type { Tree } from '../trees.ts'

/** A key node on a chain that says whatever comes to mind. */
export async function fuzzedKeyNode(): Promise<Fuzzed> {
  const network = paperNetwork()
  const folder = await mkdtemp(path.join(tmpdir(), 'sharewell-fuzz-key-node-'))
  const chain = paperChain(network, account)
  const keys = openKeyStore(path.join(folder, 'keys'), filled(1))
  const hpkeSeed = filled(2)
  const operator = async () => hexOf(3, 16)
  const many = 1_000_000_000
  const answers = openAnswerStore(folder, { minute: many, day: many, patient: many })
  const objects = openObjectStore(folder)
  const erasures = openErasures(folder, { objects, networkId: network.networkId })
  const app = createApp({
    sources: [chain],
    keys,
    headers: objects,
    erasures,
    answers,
    withdrawn: new Set(),
    book: createBook({ chain, keys, operator, last: openSignedLast(folder) }),
    dkg: createDkg({ chain, keys, hpkeSeed, operator }),
    duties: { refresh: () => undefined },
    ceremonies: createCeremonies({ chain, keys, hpkeSeed, operator }),
    transfer: { find: async () => undefined, last: () => undefined },
    operator,
    hpkeSeed,
    hpkePublicKey: publicKeyOf(hpkeSeed),
    log: silentLog,
    answered: () => undefined,
  })
  return {
    app,
    samples: await samplesOf(chain, await operator()),
    async close() {
      answers.close()
      erasures.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function samplesOf(chain: Chain, operator: Hex): Promise<Sample[]> {
  const { network } = chain
  const networkId = fromHex(network.networkId, 32)
  const record = { networkId, recordId: filled(2), version: 1, sealHash: filled(3) }
  const publicKey = publicKeyOf(filled(9))
  const groupKey = encodePoint(basePoint.multiply(5n))
  const wrapped = encodeKeyHeader(await wrapDek({ record, dek: filled(5), patientKey: publicKey, groupKey }))
  const header = await signObject('key header', wrapped, networkId, account)
  const content = { networkId, pseudonym: filled(4), purpose: 'note', publicKey, plaintext: filled(8) } as const
  const capsule = await sealCapsule(content, account)
  const pass = await passOf(chain, { pseudonym: hexOf(4), consentSalt: hexOf(6) })
  const ticket = ticketToJson(await pass.ticketFor(operator)) as Tree
  const message = { operator: hexOf(3, 16), node: operator, notAfter: chain.clock() + 60 }
  const signature = await signMessage(chain, 'OperatorTicket', message)
  const member = ticketToJson({ kind: 'OperatorTicket', message, signature }) as Tree
  const deletion = await deletePass(chain, { recordId: hexOf(2), version: 1 })
  const doctor = { account, chain, credential: hexOf(5) }
  const hashes = { recordId: hexOf(2), manifestHash: hexOf(3), ctHash: hexOf(4), headerHash: toHex(sha256(header)) }
  const signed = await signRequest(network, { doctor, pseudonym: hexOf(4), record: hashes }, { log: false })
  const session = hexOf(4)
  const text = toBase64url(filled(5, 100))
  const share = { from: 1, to: 2, enc: text, ct: text, signature: hexOf(6, 65) }
  const post = (route: string, json: Sample['json']): Sample => ({
    method: 'POST',
    route,
    path: route,
    json: json ?? null,
  })
  const checkpoint = { book: hexOf(8), time: 1_000, size: 2, root: hexOf(9) }
  const commitment = { i: 1, hiding: hexOf(5), binding: hexOf(6) }
  return [
    { ...post('/v1/release', signed.body as Tree), dear: true },
    {
      method: 'PUT',
      route: '/v1/headers/:hash',
      path: `/v1/headers/${toHex(sha256(header))}?pseudonym=${hexOf(4)}`,
      bytes: header,
      dear: true,
    },
    { ...post('/v1/headers/read', { hash: toHex(sha256(header)), ticket }), dear: true },
    { ...post('/v1/headers/erase', { ticket: ticketToJson(await deletion.ticketFor(operator)) as Tree }), dear: true },
    {
      method: 'PUT',
      route: '/v1/capsules/:hash',
      path: `/v1/capsules/${toHex(sha256(capsule))}`,
      bytes: capsule,
      dear: true,
    },
    { ...post('/v1/capsules/list', { ticket }), dear: true },
    { ...post('/v1/openings/list', { ticket }), dear: true },
    post('/v1/dkg/announce', { use: 'dkg log', members: [hexOf(3, 16), hexOf(4, 16)], k: 2, nonce: hexOf(7), ticket }),
    post('/v1/dkg/reveal', { session, announcements: [{ hash: hexOf(8), signature: hexOf(6, 65) }] }),
    post('/v1/dkg/deal', { session, packages: [text, text], publicKeys: [text, text] }),
    post('/v1/dkg/finish', { session, shares: [share] }),
    post('/v1/ceremony/act', { ceremony: 1 }),
    post('/v1/book/confirm', { epoch: 1, transcriptHash: hexOf(8) }),
    post('/v1/book/commit', { checkpoint }),
    post('/v1/book/sign', { checkpoint, commitments: [commitment, { ...commitment, i: 2 }] }),
    post('/v1/ceremony/shares', { ceremony: 1, publicKeys: [text, null] }),
    post('/v1/ceremony/take', { ceremony: 1, shares: [share] }),
    post('/v1/emergency/confirm', { transcriptHash: hexOf(8) }),
    { ...post('/v1/transfer/list', { ticket: member, after: '' }), dear: true },
    { ...post('/v1/transfer/get', { ticket: member, name: `headers/${hexOf(8)}` }), dear: true },
    { method: 'GET', route: '/v1/status', path: '/v1/status' },
  ]
}
