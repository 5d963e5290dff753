import type { Hex } from '@sharewell/sdk/bytes'
import { encodeTicket, type Message, signMessage } from '@sharewell/sdk/chain'
import { toJson } from '@sharewell/sdk/place'
import type { KnownRecord } from './described.ts'
import { now, randomHex } from './ids.ts'
import type { SignedRequest } from './requests.ts'
import type { WholeDoctor, WholeNetwork, WholeNode } from './whole-network.ts'

/** What a service said to a request that did not come from our client. */
export type Said = { readonly status: number; readonly code: string; readonly detail: string }

const zero: Hex = `0x${'00'.repeat(32)}`

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
export async function askHeader({ url }: WholeNode, hash: Hex, doctor: WholeDoctor, pseudonym: Hex, purpose: number) {
  const ticket = await readTicket(doctor, pseudonym, purpose)
  const json = { kind: 'ReadTicket', ...ticket }
  return await said(await post(`${url}/v1/headers/read`, JSON.stringify({ hash, ticket: json })))
}

/** A signed request to rebuild, as it goes over the wire. */
export type RebuildCall = {
  readonly request: Message<'RebuildRequest'>
  readonly signature: Hex
  readonly releaseRequest?: { readonly message: Message<'KeyRequest'>; readonly signature: Hex }
  readonly record: { readonly recordId: Hex }
}

/** Signs a request for the first chunk, as `doctor`, under a logged release request. */
export async function rebuildCall(
  doctor: WholeDoctor,
  { recordId, manifestHash }: KnownRecord,
  { request: message, signature: signed, requestHash }: SignedRequest,
  change: Partial<Message<'RebuildRequest'>> = {},
): Promise<RebuildCall> {
  const request: Message<'RebuildRequest'> = {
    manifestHash,
    first: 0,
    count: 1,
    releaseRequest: requestHash,
    nonce: randomHex(32),
    replyKeyHash: zero,
    notAfter: now() + 200,
    ...change,
  }
  const signature = await signMessage(doctor.chain, 'RebuildRequest', request)
  return { request, signature, releaseRequest: { message, signature: signed }, record: { recordId } }
}

/** Asks one reconstructor. */
export const askWorker = async ({ url }: WholeNode, call: RebuildCall): Promise<Said> =>
  await said(await post(`${url}/v1/rebuild`, toJson(call)))

/** Asks one storage node for a block. */
export const askStorage = async ({ url }: WholeNode, cid: string, authorization: string): Promise<Said> =>
  await said(
    await fetch(`${url}/ipfs/${cid}?format=raw`, { headers: { authorization, 'cache-control': 'only-if-cached' } }),
  )

/** A reader's own ticket as a header field. */
export async function readAuthorization(doctor: WholeDoctor, pseudonym: Hex, purpose: number): Promise<string> {
  return encodeTicket({ kind: 'ReadTicket', ...(await readTicket(doctor, pseudonym, purpose)) })
}

/** The request that a reconstructor takes, as a header field for a storage node. */
export const claimAuthorization = ({ request, signature, releaseRequest, record }: RebuildCall): string =>
  encodeTicket({ kind: 'RebuildRequest', message: request, signature, extra: { record, releaseRequest } })

let tickets = 0

/** Each is another one: a storage node remembers for a second what it answered to one. */
async function readTicket({ account, chain }: WholeDoctor, pseudonym: Hex, purpose: number) {
  const message: Message<'ReadTicket'> = {
    reader: account.address,
    pseudonym,
    purpose,
    notAfter: now() + 300 + (tickets++ % 300),
  }
  return { message, signature: await signMessage(chain, 'ReadTicket', message) }
}

/** Asks everybody at once, past every check of our own client; gives each one's code or reason. */
export async function askEverybody(
  { keys, workers, storage, patient }: WholeNetwork,
  known: KnownRecord,
  doctor: WholeDoctor,
  signed: SignedRequest,
): Promise<string[]> {
  const { purpose } = signed.request
  const { pseudonym } = patient
  const call = await rebuildCall(doctor, known, signed)
  const [share = ''] = known.shares[0] ?? []
  const [holder] = storage as [WholeNode]
  const answers = await Promise.all([
    ...keys.map((node) => askKeyNode(node, signed.body)),
    askHeader(keys[0] as WholeNode, known.headerHash, doctor, pseudonym, purpose),
    ...workers.map((node) => askWorker(node, call)),
    askStorage(holder, share, await readAuthorization(doctor, pseudonym, purpose)),
    askStorage(holder, share, claimAuthorization(call)),
  ])
  return answers.map(({ code, detail }) => reasonIn(detail) ?? code)
}

/** `The record is not given out: EXPIRED.` and `The ticket does not cover this: EXPIRED.` name the chain's reason. */
const reasonIn = (detail: string) => /: ([A-Z_]+)\.$/.exec(detail)?.[1]
