import { limiting, readBody, signalOf } from '@sharewell/host'
import { encodeRenewAnswer, maxRepairLength, type RenewTerms, readRenewAsk } from '@sharewell/sdk/share'
import type { Context, Hono } from 'hono'
import type { Components } from './components.ts'
import { readersAsk } from './reading.ts'
import { confirmShare, finishShare } from './renew-attest.ts'
import { dealChange, dealSeeds, showDealt, takeParts } from './renew-change.ts'
import { checkWords, dealWords, postWords, takeRows, takeWords } from './renew-refresh.ts'
import { beginSession, dropSession, openRenewStep, type RenewAct } from './renew-session.ts'

/** What a node does in one step, by the kind of the session. */
type Acts = { readonly [kind in RenewTerms['kind']]?: RenewAct }

/** Steps that a depositor of the record orders. */
const ordered: Readonly<Record<string, Acts>> = {
  open: { refresh: beginSession, change: beginSession },
  words: { refresh: dealWords },
  rows: { refresh: takeRows },
  posts: { refresh: postWords },
  checks: { refresh: checkWords },
  take: { refresh: takeWords, change: takeParts },
  finish: { refresh: finishShare },
  drop: { refresh: dropSession, change: dropSession },
}

/** Steps by which something of the record is given, or what is made of it is vouched for: for who may read it. */
const readers: Readonly<Record<string, Acts>> = {
  seeds: { change: dealSeeds },
  parts: { change: dealChange },
  confirm: { refresh: confirmShare, change: confirmShare },
  show: { change: showDealt },
}

/** The routes of a refresh and of a change; two requests at once, each with one body in memory, and of one record one after
 * another. */
export function addRenewRoutes(app: Hono, components: Components): void {
  const { authority, renewals, limits: { bodyTimeout } = {}, log } = components
  app.use('/v1/renew/*', limiting(2))
  const readAsk = async (c: Context) => readRenewAsk(await readBody(c, { limit: maxRepairLength, idle: bodyTimeout }))
  const ticketOf = (c: Context) => c.req.header('authorization')
  type Asked = Awaited<ReturnType<typeof readersAsk<ReturnType<typeof readRenewAsk>>>>
  const answer = async (c: Context, name: string, acts: Acts, { ask, standing }: Asked) => {
    const signal = signalOf(c)
    const kinds = Object.keys(acts) as RenewTerms['kind'][]
    const step = await openRenewStep(components, standing, { ask, kinds }, { signal })
    const act = acts[step.terms.kind] as RenewAct
    const said = await renewals.exclusive(standing.recordId, () => act(components, step, { signal }), { signal })
    log.info({ count: ask.count }, `renew ${name}`)
    return c.body(encodeRenewAnswer(said), 200, { 'content-type': 'application/octet-stream' })
  }
  for (const [name, acts] of Object.entries(ordered))
    app.post(`/v1/renew/${name}`, async (c) => {
      const standing = await authority.standing(ticketOf(c), { signal: signalOf(c) })
      return await answer(c, name, acts, { ask: await readAsk(c), standing })
    })
  for (const [name, acts] of Object.entries(readers))
    app.post(`/v1/renew/${name}`, async (c) => {
      const asked = await readersAsk(authority, ticketOf(c), () => readAsk(c), { signal: signalOf(c) })
      return await answer(c, name, acts, asked)
    })
}
