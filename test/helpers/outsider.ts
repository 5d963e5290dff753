import type { Hex } from '@sharewell/sdk/bytes'
import {
  createReplyKey,
  encodeTicket,
  hashMessage,
  type Message,
  type Possession,
  type ReplyKey,
  signAsReader,
  ticketToJson,
} from '@sharewell/sdk/chain'
import type { ReadPass } from '@sharewell/sdk/flow/key-nodes'
import { toJson } from '@sharewell/sdk/place'
import type { KnownRecord } from './described.ts'
import { now, randomHex } from './ids.ts'
import { passOf, type TestPass } from './passes.ts'
import type { SignedRequest } from './requests.ts'
import type { WholeDoctor, WholeNetwork, WholeNode } from './whole-network.ts'

/** What a service said to a request that did not come from our client. */
export type Said = { readonly status: number; readonly code: string; readonly detail: string }

async function said(answer: Response): Promise<Said> {
  const { status } = answer
  if (answer.ok) return { status, code: 'SUCCESS', detail: await answer.arrayBuffer().then(() => '') }
  const { code, detail } = (await answer.json()) as { code: string; detail: string }
  return { status, code, detail }
}

const post = (url: string, body: string) =>
  fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } })

/** Asks one key node for its partial. */
export const askKeyNode = async ({ url }: WholeNode, body: unknown): Promise<Said> =>
  await said(await post(`${url}/v1/release`, JSON.stringify(body)))

/** Asks one key node for the key header. */
export async function askHeader({ url, operator }: WholeNode, hash: Hex, pass: ReadPass) {
  const ticket = ticketToJson(await pass.ticketFor(operator))
  return await said(await post(`${url}/v1/headers/read`, JSON.stringify({ hash, ticket })))
}

/** A signed request to rebuild, as it goes over the wire. */
export type RebuildCall = {
  readonly request: Message<'RebuildRequest'>
  readonly signature: Hex
  readonly releaseRequest?: { readonly message: Message<'KeyRequest'>; readonly signature: Hex }
  readonly record: { readonly recordId: Hex }
  readonly consentSalt?: Hex | undefined
  /** The word of the request's key for one node; a thief has only those that were shown to it. */
  readonly prove: (node: Hex) => Promise<Possession>
}

/** Signs a request for the first chunk, as `doctor`, under a logged release request. */
export async function rebuildCall(
  doctor: WholeDoctor,
  { recordId, manifestHash }: KnownRecord,
  { request: message, signature: signed, requestHash }: SignedRequest,
  change: Partial<Message<'RebuildRequest'>> = {},
): Promise<RebuildCall> {
  const key = createReplyKey(doctor.chain)
  const request: Message<'RebuildRequest'> = {
    manifestHash,
    first: 0,
    count: 1,
    releaseRequest: requestHash,
    nonce: randomHex(32),
    replyKeyHash: key.hash,
    notAfter: now() + 200,
    ...change,
  }
  const signature = await signAsReader(doctor.chain, 'RebuildRequest', request, message)
  const hash = hashMessage(doctor.chain.network, 'RebuildRequest', request)
  const prove = (node: Hex) => key.prove(hash, node)
  return { request, signature, releaseRequest: { message, signature: signed }, record: { recordId }, prove }
}

/** Asks one reconstructor. */
export async function askWorker({ url, operator }: WholeNode, { prove, ...call }: RebuildCall): Promise<Said> {
  return await said(await post(`${url}/v1/rebuild`, toJson({ ...call, possession: await prove(operator) })))
}

/** Asks one storage node for a block. */
export const askStorage = async ({ url }: WholeNode, cid: string, authorization: string): Promise<Said> =>
  await said(
    await fetch(`${url}/ipfs/${cid}?format=raw`, { headers: { authorization, 'cache-control': 'only-if-cached' } }),
  )

/** Asks one storage node for a block with a reader's own ticket. */
export const readStorage = async (node: WholeNode, cid: string, pass: TestPass): Promise<Said> =>
  await askStorage(node, cid, await pass.headerFor(node.operator))

/** Asks one storage node for a block with the request that a reconstructor takes. */
export async function claimStorage(node: WholeNode, cid: string, call: RebuildCall): Promise<Said> {
  const { request, signature, releaseRequest, record, consentSalt } = call
  const possession = await call.prove(node.operator)
  const ticket = { kind: 'RebuildRequest', message: request, signature, possession } as const
  return await askStorage(node, cid, encodeTicket({ ...ticket, extra: { record, releaseRequest, consentSalt } }))
}

let tickets = 0

/** A reader's own ticket, each another one: a storage node remembers for a second what it answered to one. */
export const freshPass = (
  { chain }: WholeDoctor,
  pseudonym: Hex,
  purpose: number,
  { key, consentSalt }: { readonly key?: ReplyKey; readonly consentSalt?: Hex | undefined } = {},
): Promise<TestPass> => {
  const salted = { ...(consentSalt && { consentSalt }) }
  return passOf(chain, { pseudonym, purpose, notAfter: now() + 300 + (tickets++ % 300), ...salted }, key)
}

/** Asks everybody at once, past every check of our own client; gives each one's code or reason. */
export async function askEverybody(
  { keys, workers, storage, patient }: WholeNetwork,
  known: KnownRecord,
  doctor: WholeDoctor,
  signed: SignedRequest,
  consentSalt?: Hex,
): Promise<string[]> {
  const { purpose } = signed.request
  const { pseudonym } = patient
  const call = { ...(await rebuildCall(doctor, known, signed)), consentSalt }
  const pass = await freshPass(doctor, pseudonym, purpose, { consentSalt })
  const [share = ''] = known.shares[0] ?? []
  const [holder] = storage as [WholeNode]
  const answers = await Promise.all([
    ...keys.map((node) => askKeyNode(node, { ...signed.body, consentSalt })),
    askHeader(keys[0] as WholeNode, known.headerHash, pass),
    ...workers.map((node) => askWorker(node, call)),
    readStorage(holder, share, pass),
    claimStorage(holder, share, call),
  ])
  return answers.map(({ code, detail }) => reasonIn(detail) ?? code)
}

/** `The record is not given out: EXPIRED.` and `The ticket does not cover this: EXPIRED.` name the chain's reason. */
const reasonIn = (detail: string) => /: ([A-Z_]+)\.$/.exec(detail)?.[1]
