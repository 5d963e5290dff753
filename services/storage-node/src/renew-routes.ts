import { limiting, readBody, signalOf } from '@sharewell/host'
import { encodeRenewAnswer, maxRepairLength, readRenewAsk } from '@sharewell/sdk/share'
import type { Hono } from 'hono'
import type { Components } from './components.ts'
import { attestShare } from './renew-attest.ts'
import { checkWords, dealWords, postWords, takeRows, takeWords } from './renew-refresh.ts'
import { beginSession, dropSession, openRenewStep, type RenewAct } from './renew-session.ts'

/** Steps of a refresh that a depositor of the record orders. */
const ordered: Readonly<Record<string, RenewAct>> = {
  open: beginSession,
  words: dealWords,
  rows: takeRows,
  posts: postWords,
  checks: checkWords,
  take: takeWords,
  attest: attestShare,
  drop: dropSession,
}

/** The routes of a refresh; two requests at once, each with one body in memory, and of one record one after another. */
export function addRenewRoutes(app: Hono, components: Components): void {
  const { authority, renewals, limits: { bodyTimeout } = {}, log } = components
  app.use('/v1/renew/*', limiting(2))
  for (const [name, act] of Object.entries(ordered))
    app.post(`/v1/renew/${name}`, async (c) => {
      const signal = signalOf(c)
      const standing = await authority.standing(c.req.header('authorization'), { signal })
      const ask = readRenewAsk(await readBody(c, { limit: maxRepairLength, idle: bodyTimeout }))
      const step = await openRenewStep(components, standing, ask, { signal })
      const answer = await renewals.exclusive(standing.recordId, () => act(components, step, { signal }))
      log.info({ count: ask.count }, `renew ${name}`)
      return c.body(encodeRenewAnswer(answer), 200, { 'content-type': 'application/octet-stream' })
    })
}
