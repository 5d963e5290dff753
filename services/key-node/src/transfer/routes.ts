import { readJson, signalOf } from '@sharewell/host'
import type { Hex } from '@sharewell/sdk/bytes'
import { type Chain, ticketFromJson } from '@sharewell/sdk/chain'
import type { Context, Hono } from 'hono'
import type { ObjectStore } from '../files.ts'
import { parse } from '../wire.ts'
import { checkMember, giveObject, listNames } from './serve.ts'
import { transferShapes } from './wire.ts'

type Parts = { readonly chain: Chain; readonly objects: ObjectStore; readonly operator: () => Promise<Hex> }

/** The routes over which other members take what is kept here. */
export function routeTransfer(app: Hono, { chain, objects, operator }: Parts): void {
  const checked = async (c: Context, ticket: unknown) => {
    const asked = { chain, node: await operator(), signal: signalOf(c) }
    await checkMember(asked, ticketFromJson(ticket, ['OperatorTicket']))
  }
  app.post('/v1/transfer/list', async (c) => {
    const { ticket, after } = parse(transferShapes.list, await readJson(c, { limit: 4_096 }))
    await checked(c, ticket)
    return c.json({ names: await listNames(objects, after) })
  })
  app.post('/v1/transfer/get', async (c) => {
    const { ticket, name } = parse(transferShapes.get, await readJson(c, { limit: 4_096 }))
    await checked(c, ticket)
    const bytes = await giveObject(objects, name)
    return c.body(bytes, 200, { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' })
  })
}
