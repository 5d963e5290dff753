import { type Bytes, fromBase64url, fromHex, type Hex, toBase64url, toHex } from '@sharewell/sdk/bytes'
import { hashMessage, type Message, type Network, parseMessage, typedData } from '@sharewell/sdk/chain'
import { type Ciphertext, ctHash, partial, partialHash, sealAnswer } from '@sharewell/sdk/release'
import { cidOf } from '@sharewell/sdk/share'
import { Hono } from 'hono'
import { createApp as createNode } from '../../services/storage-node/src/app.ts'
import type { Lies } from './hosts.ts'
import type { WholeNode } from './whole-network.ts'

/** A storage node that gives, for every share-chunk, one of another record that it keeps too. */
export const givesOtherShare = (cids: ReadonlyMap<string, string>): Lies => ({
  storage: (parts) => {
    const honest = createNode(parts)
    const liar = new Hono()
    liar.get('/ipfs/:cid', async (c) => {
      const other = cids.get(c.req.param('cid'))
      if (!other) return await honest.fetch(c.req.raw)
      return new Response(await parts.store.get(other), { headers: { 'content-type': 'application/vnd.ipld.raw' } })
    })
    liar.all('*', (c) => honest.fetch(c.req.raw))
    return liar
  },
})

/** A storage node that changes one bit of whatever it gives that is no share: manifest, placement, lists. */
export const tampers = (altered?: (cid: string) => boolean): Lies => ({
  storage: (parts) => {
    const honest = createNode(parts)
    const liar = new Hono()
    liar.get('/ipfs/:cid', async (c) => {
      const answer = await honest.fetch(c.req.raw)
      const mine = altered?.(c.req.param('cid')) ?? true
      if (c.req.header('x-sharewell-share') || answer.status !== 200 || !mine) return answer
      return new Response(flip(new Uint8Array(await answer.arrayBuffer())), { headers: answer.headers })
    })
    liar.all('*', (c) => honest.fetch(c.req.raw))
    return liar
  },
})

/** A storage node that acknowledges more than it was asked to. */
export const acknowledgesOther = (index: number): Lies => ({
  storage: (parts) => {
    const sign = {
      ...parts.sign,
      acknowledgement: (message: Message<'Acknowledgement'>) => parts.sign.acknowledgement({ ...message, index }),
    }
    return createNode({ ...parts, sign })
  },
})

/** A storage node that keeps the tickets it sees. */
export const keepsTickets = (tickets: string[]): Lies => ({
  storage: (parts) => {
    const honest = createNode(parts)
    const thief = new Hono()
    thief.all('*', (c) => {
      const ticket = c.req.header('authorization')
      if (ticket) tickets.push(ticket)
      return honest.fetch(c.req.raw)
    })
    return thief
  },
})

/** A key node that gives altered key headers. */
export const altersHeaders: Lies = {
  key: (honest) =>
    behind(honest, async (path, ask) => {
      const answer = await ask()
      if (path !== '/v1/headers/read' || !answer.ok) return answer
      return new Response(flip(new Uint8Array(await answer.arrayBuffer())), { status: 200 })
    }),
}

/** An opening as a node tells it. */
export type Told = { readonly at: number; readonly request: Record<string, unknown>; readonly signature: string }

/** A key node that tells patients something else about who opened their records. */
export const altersOpenings = (altered: (openings: readonly Told[]) => readonly unknown[]): Lies => ({
  key: (honest) =>
    behind(honest, async (path, ask) => {
      const answer = await ask()
      if (path !== '/v1/openings/list' || !answer.ok) return answer
      const { openings } = (await answer.json()) as { openings: readonly Told[] }
      return Response.json({ openings: altered(openings) })
    }),
})

/** A key node that signs partials of a share that is not its own. */
export const signsFalsePartials = (
  network: Network,
  { account }: WholeNode,
  { i, ct, groupKey, verifyingShare }: { i: number; ct: Ciphertext; groupKey: Bytes; verifyingShare: Bytes },
): Lies => ({
  key: (honest) =>
    behind(honest, async (path, ask, text) => {
      if (path !== '/v1/release') return await ask()
      const { request: json, reader } = JSON.parse(text) as {
        request: unknown
        reader: { Yr: Hex; hpkePublicKey: string }
      }
      const request = parseMessage('KeyRequest', json)
      const requestHash = hashMessage(network, 'KeyRequest', request)
      const ids = { networkId: fromHex(network.networkId, 32), requestHash: fromHex(requestHash, 32) }
      const share = new Uint8Array(32).fill(1, 0, 1)
      const made = partial({ keyEpoch: 1, i, share, groupKey }, { ...ids, ct, Yr: fromHex(reader.Yr, 32) })
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
      const sealed = await sealAnswer(
        { partial: made, signature },
        { requestHash: ids.requestHash, hpkePublicKey: fromBase64url(reader.hpkePublicKey) },
      )
      return Response.json({ keyEpoch: 1, i, enc: toBase64url(sealed.enc), ct: toBase64url(sealed.ct) })
    }),
})

type Answer = (path: string, ask: () => Promise<Response>, text: string) => Promise<Response>

/** An app that may ask `honest` what it was asked, and answers what it likes. */
export function behind(honest: string, answer: Answer): Hono {
  const app = new Hono()
  app.all('*', async (c) => {
    const { method, url } = c.req.raw
    const { pathname, search } = new URL(url)
    const body = method === 'GET' ? undefined : new Uint8Array(await c.req.arrayBuffer())
    const headers = { 'content-type': c.req.header('content-type') ?? 'application/octet-stream' }
    const ask = async () => {
      const honestly = await fetch(`${honest}${pathname}${search}`, { method, headers, ...(body && { body }) })
      return new Response(honestly.body, honestly)
    }
    return await answer(pathname, ask, Buffer.from(body ?? []).toString())
  })
  return app
}

/** The CID of a signed object by its hash on chain. */
export const cidOfHash = (hash: Hex): string => cidOf(fromHex(hash, 32))

const flip = (bytes: Bytes): Bytes => bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 1 : byte))
