import { type Chain, startChain } from './chain.ts'
import type { Consents } from './consents.ts'
import { code } from './decisions.ts'
import type { Artifact } from './deployment.ts'
import { History } from './history.ts'
import { consentKey } from './ids.ts'
import { Random } from './random.ts'
import { modelOf } from './stage.ts'
import { type Act, type Consent, none, type Path, type Query } from './types.ts'

/** What was compared, and the first difference, if there is one. */
export type Outcome = {
  acts: number
  refused: number
  answers: number
  permits: number
  codes: ReadonlySet<number>
  refusals: ReadonlySet<string>
  difference?: string
}

/** Three questions, and three ways to the slot for each. */
const questionsAnAct = 3
const pathsAQuestion = 3

type Asked = { query: Query; paths: readonly Path[] }

/**
 * Lets a random history happen to the model and to the contracts, and compares: whether each act is refused and why,
 * what `decide` and `decideAlong` answer afterwards, and what is remembered. A step is one thing compared.
 */
export async function compare(options: {
  seed: number
  steps: number
  registry?: Artifact | undefined
}): Promise<Outcome> {
  const chain = await startChain(options.registry)
  const model = modelOf(chain.setting)
  const history = new History(model, chain.setting, new Random(options.seed))
  const seen = { acts: 0, refused: 0, answers: 0, permits: 0, codes: new Set<number>(), refusals: new Set<string>() }
  let time = chain.start
  while (seen.acts + seen.answers < options.steps) {
    time += history.pause()
    const act = history.act(time)
    const expected = model.act(act, time)
    const refusal = await chain.act(act, time)
    const questions = Array.from({ length: questionsAnAct }, () => question(model, history, time))
    const difference =
      compareRefusal(refusal, expected) ??
      (await compareMemory(chain, model, act)) ??
      (await compareAnswers(chain, model, questions, seen))
    if (difference) {
      const where = `seed ${options.seed}, act ${seen.acts}, ${JSON.stringify(act, readable)}`
      return { ...seen, difference: `${where}: ${difference}` }
    }
    seen.acts++
    if (refusal !== undefined) {
      seen.refused++
      seen.refusals.add(refusal)
    }
  }
  return seen
}

/** Where `decide` permits, the path that does is among them. */
function question(model: Consents, history: History, time: number): Asked {
  const query = history.query(time)
  const paths = Array.from({ length: pathsAQuestion }, () => history.path(query))
  const permitted = model.pathsOf(query.reader).find((path) => permits(model, query, path))
  return { query, paths: permitted ? [permitted, ...paths.slice(1)] : paths }
}

const permits = (model: Consents, query: Query, path: Path) => model.decideAlong(query, path).code === code.permit

function compareRefusal(refusal: string | undefined, expected: readonly string[]): string | undefined {
  const agree = refusal === undefined ? expected.length === 0 : expected.includes(refusal)
  return agree ? undefined : `${refusal ?? 'done'}, expected ${expected.join(' or ') || 'done'}`
}

type Seen = Pick<Outcome, 'answers' | 'permits'> & { codes: Set<number> }

async function compareAnswers(
  chain: Chain,
  model: Consents,
  questions: readonly Asked[],
  seen: Seen,
): Promise<string | undefined> {
  const answers = await chain.decide(questions)
  for (const [i, { query, paths }] of questions.entries()) {
    const expected = { whole: model.decide(query), along: paths.map((path) => model.decideAlong(query, path)) }
    const given = answers[i]
    if (JSON.stringify(given) !== JSON.stringify(expected))
      return JSON.stringify({ query, paths, expected, given }, readable)
    // What the page says of both: `decide` permits exactly where some path does.
    const found = expected.along[0]?.code === code.permit
    if (found !== (expected.whole.code === code.permit))
      return `the model is at odds with itself: ${JSON.stringify(query)}`
    seen.answers += 1 + paths.length
    seen.codes.add(expected.whole.code)
    if (found) seen.permits++
  }
  return undefined
}

/** Whether slots, floors and nonces that the act may have touched are what the model remembers. */
async function compareMemory(chain: Chain, model: Consents, act: Act): Promise<string | undefined> {
  if (act.kind !== 'decide' && act.kind !== 'carry' && act.kind !== 'cancelNonce' && act.kind !== 'use')
    return undefined
  const { pseudonym } = act.kind === 'carry' ? act.held : act.kind === 'use' ? act.use : act
  const touched = act.kind === 'use' ? [model.slotOfUse(act.by, act.use)] : consentsOf(act)
  const keys = touched.map(({ granteeId, recordId }) => consentKey(pseudonym, granteeId, recordId))
  const grantees = [none, ...touched.map(({ granteeId }) => granteeId)]
  const floors = grantees.map((granteeId) => [pseudonym, granteeId] as const)
  const nonce = act.kind === 'carry' ? act.held.nonce : act.kind === 'cancelNonce' ? act.nonce : 40n
  const words = [0n, nonce / 256n].map((word) => [pseudonym, word] as const)
  const expected = {
    slots: keys.map((key) => model.slots.get(key)),
    floors: floors.map((floor) => model.floorOf(...floor)),
    words: words.map((word) => model.noncesOf(...word)),
  }
  const found = JSON.stringify(await chain.read({ keys, floors, words }), readable)
  const wanted = JSON.stringify(expected, readable)
  return found === wanted ? undefined : `remembers ${found}, expected ${wanted}`
}

/** The slots that a decision is about. */
function consentsOf(act: Act): Pick<Consent, 'granteeId' | 'recordId'>[] {
  if (act.kind !== 'decide' && act.kind !== 'carry') return []
  const decision = act.kind === 'decide' ? act.decision : act.held.decision
  if (decision.kind === 'grantMany') return decision.consents
  return [{ recordId: none, ...decision }]
}

const readable = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)
