import { limiting, readBody, signalOf } from '@sharewell/host'
import type { AbortOptions } from '@sharewell/sdk/place'
import { encodeRepairAnswer, maxRepairLength, type RepairAnswer, readRepairAsk } from '@sharewell/sdk/share'
import type { Context, Hono } from 'hono'
import type { Components } from './components.ts'
import { readersAsk } from './reading.ts'
import { givePieces, giveSums, openParts, takeSums } from './repair-share.ts'
import { openStep, type RepairStep } from './repair-step.ts'

type Act = (parts: Components, step: RepairStep, options: AbortOptions) => Promise<Partial<RepairAnswer>>

/** Steps of a repair that a depositor of the record orders. */
const ordered: Readonly<Record<string, Act>> = { pieces: givePieces, sums: giveSums, take: takeSums }

/** The routes of a repair with r > 0; two requests at once, each with one body in memory, and two that only show. */
export function addRepairRoutes(app: Hono, components: Components): void {
  const { authority, limits: { bodyTimeout } = {}, log } = components
  const repairs = limiting(2)
  const readAsk = async (c: Context) => readRepairAsk(await readBody(c, { limit: maxRepairLength, idle: bodyTimeout }))
  for (const [name, act] of Object.entries(ordered))
    app.post(`/v1/repair/${name}`, repairs, async (c) => {
      const signal = signalOf(c)
      const standing = await authority.standing(c.req.header('authorization'), { signal })
      const step = await openStep(components, standing, await readAsk(c), { signal })
      const answer = await act(components, step, { signal })
      log.info({ count: step.ask.count }, `repair ${name}`)
      return octets(c, answer)
    })

  // Who may read the share of this node may see what was said about it, and nobody else: no coordinator as such.
  app.post('/v1/repair/open', limiting(2), async (c) => {
    const signal = signalOf(c)
    const ticket = c.req.header('authorization')
    const { ask, standing } = await readersAsk(authority, ticket, () => readAsk(c), { signal })
    const answer = await openParts(components, await openStep(components, standing, ask, { helps: false, signal }), {
      signal,
    })
    log.info({ count: ask.count }, 'repair open')
    return octets(c, answer)
  })
}

const octets = (c: Context, answer: Partial<RepairAnswer>) =>
  c.body(encodeRepairAnswer(answer), 200, { 'content-type': 'application/octet-stream' })
