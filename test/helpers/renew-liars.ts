import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { type Bytes, concat, toHex } from '@sharewell/sdk/bytes'
import { randomBytes, sha256 } from '@sharewell/sdk/primitives'
import {
  chunkCount,
  cidOf,
  encodeRenewAnswer,
  type Manifest,
  maskLength,
  readKey,
  readRenewAnswer,
  readRenewAsk,
  readTerms,
  recordOfTerms,
  sealPart,
  sessionOf,
  shareChunkLength,
} from '@sharewell/sdk/share'
import { Hono } from 'hono'
import { type Components, createApp } from '../../services/storage-node/src/app.ts'
import { takeBlock } from '../../services/storage-node/src/take-block.ts'
import type { Party } from './parties.ts'

/** An app that answers some steps of a renewal in another way; `honest` is what it would say. */
export const twisting =
  (
    steps: readonly string[],
    twist: (asked: Bytes, honest: () => Promise<Bytes>, step: string) => Promise<Bytes | undefined>,
  ) =>
  (components: Components): Hono => {
    const inner = createApp(components)
    const app = new Hono()
    for (const step of steps)
      app.post(`/v1/renew/${step}`, async (c) => {
        const asked = new Uint8Array(await c.req.arrayBuffer())
        const headers = { authorization: c.req.header('authorization') ?? '' }
        const honest = async () => {
          const answer = await inner.request(c.req.path, { method: 'POST', body: asked, headers })
          return new Uint8Array(await answer.arrayBuffer())
        }
        const said = await twist(asked, honest, step)
        return said ? c.body(said, 200) : c.body(null, 503)
      })
    app.all('*', (c) => inner.fetch(c.req.raw, c.env))
    return app
  }

/** Answers none of these steps. */
export const silentIn = (steps: readonly string[]) => twisting(steps, async () => undefined)

/** Deals these nodes something else than a zero word, signed and sealed as it should be. */
export const falseDealer = (manifest: Manifest, nodes: readonly Party[], own: number, victims: readonly number[]) =>
  twisting(['words'], async (asked, honest) => {
    const { terms: encoded, first, said } = readRenewAsk(asked)
    const terms = readTerms(encoded, manifest)
    const within = { session: sessionOf(terms), networkId: terms.networkId }
    const { parts } = readRenewAnswer(await honest())
    const signer = (nodes[own] as Party).account
    for (const [at, row] of parts.entries())
      for (const to of victims) {
        const { operator, account } = nodes[to] as Party
        const publicKey = readKey(within, said[to] as Bytes, { operator, account: account.address })
        const place = { stage: 'word', from: own, to, i: first + at } as const
        const length = place.i === chunkCount(manifest) ? maskLength : shareChunkLength(manifest, place.i)
        row[to] = await sealPart(within, place, randomBytes(length), { signer, publicKey })
      }
    return encodeRenewAnswer({ parts })
  })

/** Names of all files below a folder of a node. */
export async function filesBelow(folder: string, below: string): Promise<string[]> {
  const found = await readdir(path.join(folder, below), { recursive: true, withFileTypes: true }).catch(() => [])
  return found.filter((entry) => entry.isFile()).map((entry) => entry.name)
}

/** Deals these new nodes other parts of a change than follow from its share, signed and sealed as they should be. */
export const falseParts = (manifest: Manifest, nodes: readonly Party[], own: number, victims: readonly number[]) =>
  twisting(['parts'], async (asked, honest) => {
    const { terms: encoded, first, said } = readRenewAsk(asked)
    const terms = readTerms(encoded, manifest)
    const within = { session: sessionOf(terms), networkId: terms.networkId }
    const answer = readRenewAnswer(await honest())
    const signer = (nodes[own] as Party).account
    const shape = { ...manifest, ...terms.policy }
    for (const [at, row] of answer.parts.entries())
      for (const to of victims) {
        const id = toHex(Uint8Array.from(terms.receivers[to] ?? []))
        const { operator, account } = nodes.find((node) => node.operator === id) as Party
        const publicKey = readKey(within, said[to] as Bytes, { operator, account: account.address })
        const place = { stage: 'part', from: own, to, i: first + at } as const
        const body = randomBytes(shareChunkLength(shape, place.i))
        row[to] = await sealPart(within, place, body, { signer, publicKey })
      }
    return encodeRenewAnswer(answer)
  })

/** Keeps another first chunk of its new share than what it was dealt adds up to. */
export const falseTaker = (components: Components): Hono =>
  twisting(['take'], async (asked, honest) => {
    const { terms, first } = readRenewAsk(asked)
    const answer = readRenewAnswer(await honest())
    if (first > 0 || answer.leaves.length === 0) return encodeRenewAnswer(answer)
    const bytes = randomBytes((await components.store.get(cidOf(answer.leaves.slice(0, 32)))).length)
    const recordId = toHex(recordOfTerms(terms))
    const grant = { recordId, version: 1, maxBytes: Number.MAX_SAFE_INTEGER }
    await takeBlock(components, { cid: cidOf(sha256(bytes)), bytes, grant })
    return encodeRenewAnswer({ leaves: concat(sha256(bytes), answer.leaves.slice(32)) })
  })(components)
