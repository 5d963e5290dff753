import { expect } from 'chai'
import type { Hono } from 'hono'
import { full, long } from './drive.ts'
import { driveRoute, type Fuzzed, type Sample, type Statuses } from './requests.ts'
import { fuzzedServices } from './services/index.ts'

const countOf = ({ dear }: Sample) => (long ? full : dear ? 200 : 1_000)

describe('a route', function () {
  this.timeout(long ? 7_200_000 : 300_000)
  for (const [name, open] of Object.entries(fuzzedServices))
    describe(`of a ${name}`, () => {
      let fuzzed: Fuzzed
      before(async () => {
        fuzzed = await open()
      })
      after(() => fuzzed.close())

      it('is asked, whichever it is', () => {
        const own = fuzzed.app.routes.filter(({ method, path }) => method !== 'ALL' && /^\/(?:v1|ipfs)\//.test(path))
        const asked = fuzzed.samples.map(({ method, route }) => `${method} ${route}`)
        expect([...new Set(asked)]).to.include.members([...new Set(own.map(({ method, path }) => `${method} ${path}`))])
      })

      it('answers whatever comes with a problem, and never with a failure of its own', async () => {
        for (const sample of fuzzed.samples) {
          const statuses = await driveRoute(fuzzed.app, sample, { count: countOf(sample) })
          expect(statuses.size, sample.route).to.be.greaterThan(2)
        }
        const { polluted } = {} as Record<string, unknown>
        expect(polluted).to.equal(undefined)
      })

      it('does not get by with a mistake', async () => {
        for (const sample of fuzzed.samples) {
          // Tickets age: what a route answers most often now is what it answers a moment later.
          const code = usual(await driveRoute(fuzzed.app, sample, { count: 50 }))
          for (const [mistake, words] of Object.entries(mistakes)) {
            const careless = carelessApp(fuzzed.app, code, mistake as Mistake)
            const options = { count: 200, ...(mistake === 'hangs' && { patience: 100 }) }
            const error = await driveRoute(careless, sample, options).catch((thrown: unknown) => thrown)
            expect(String(error), `${sample.route} ${code}`).to.contain(words).and.contain('SHAREWELL_SEED=')
          }
        }
      })
    })
})

/** What a route could do where it should answer a problem, and what the drive says of it. */
const mistakes = {
  fails: 'was answered 500',
  'says it in plain text': 'without problem details',
  'gives no hint': 'a problem without hint',
  hangs: 'hangs',
} as const
type Mistake = keyof typeof mistakes

/** The code that came most often. */
function usual(statuses: Statuses): string {
  const codes = [...statuses].map(([status, count]) => ({ code: status.slice(4), count }))
  const [most] = codes.filter(({ code }) => !['ok', 'head'].includes(code)).sort((a, b) => b.count - a.count)
  return most?.code ?? ''
}

function carelessApp(app: Hono, code: string, mistake: Mistake): Pick<Hono, 'request'> {
  const answerOf = async (answer: Response): Promise<Response> => {
    const problem = (await answer.json()) as Record<string, unknown>
    const init = { status: answer.status, headers: answer.headers }
    if (problem.code !== code) return new Response(JSON.stringify(problem), init)
    if (mistake === 'hangs') return await new Promise<Response>(() => undefined)
    if (mistake === 'says it in plain text') return new Response('no', { status: answer.status })
    if (mistake === 'gives no hint') return new Response(JSON.stringify({ ...problem, hint: undefined }), init)
    return new Response(JSON.stringify({ ...problem, status: 500 }), { ...init, status: 500 })
  }
  return {
    request: async (path, init) => {
      const answer = await app.request(path as string, init)
      return answer.status < 400 || init?.method === 'HEAD' ? answer : await answerOf(answer)
    },
  }
}
