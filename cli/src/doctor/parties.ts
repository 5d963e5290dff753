/**
 * Who should be there: nodes under the names they claim, the committee that releases, the directory, the relayers.
 * @module
 */
import type { Hex } from '@sharewell/sdk/bytes'
import { activeEpoch, type Chain, type Operator, type OperatorKind, operators } from '@sharewell/sdk/chain'
import { atMost } from '../at-most.ts'
import { isMap } from '../guess.ts'
import { listOrganizations } from '../network/organizations.ts'
import type { NetworkView } from '../network/session.ts'
import { type Finding, ok, problem, warning } from './finding.ts'
import { type Greeting, greet, whyNot } from './greet.ts'

const atOnce = 8

/** An operator, and what its node answered. */
type Visited = Operator & { readonly greeting: Greeting; readonly ready: boolean }

/** What the parties said; `skews` are their clocks less ours. */
export type Parties = { readonly findings: readonly Finding[]; readonly skews: readonly number[] }

/** Visits everyone. */
export async function checkParties(view: NetworkView, signal: AbortSignal): Promise<Parties> {
  const { chain } = view
  const active = (await operators(chain, {}, { signal })).filter((operator) => operator.active)
  const visited = await atMost(atOnce, active, async (operator): Promise<Visited> => {
    const greeting = await greet(operator.endpoint, '/v1/status', signal)
    const { status } = greeting.status === 200 ? await greet(operator.endpoint, '/readyz', signal) : greeting
    return { ...operator, greeting, ready: status === 200 }
  })
  const findings = [
    ...nodesOf(visited, 'storage', 'storage-nodes'),
    ...nodesOf(visited, 'reconstructor', 'reconstructors'),
    ...nodesOf(visited, 'key', 'key-nodes'),
    await checkCommittee(chain, visited, signal),
    ...(await checkDirectories(view, signal)),
    ...(await checkRelayers(chain, signal)),
  ]
  return { findings, skews: visited.flatMap(({ greeting: { skew } }) => (skew === undefined ? [] : [skew])) }
}

/** A line for all nodes of a kind, and one for each that is not well. */
function nodesOf(visited: readonly Visited[], kind: OperatorKind, name: string): Finding[] {
  const all = visited.filter((node) => node.kind === kind)
  const bad = all.flatMap((node) => checkNode(node, name))
  const good = all.length - bad.length
  const words = `${good} of ${all.length} answer as the operators that they are`
  if (all.length === 0) return [problem(name, 'none is registered', 'the network administration registers operators')]
  if (good === 0) return [problem(name, words, 'see the lines below; is the network running?'), ...bad]
  return [good < all.length ? warning(name, words, 'see the lines below') : ok(name, words), ...bad]
}

function checkNode({ id, endpoint, greeting, ready }: Visited, name: string): Finding[] {
  const { status, answer } = greeting
  const who = `${id} at ${endpoint}`
  if (status !== 200)
    return [
      warning(
        name,
        `${who}: ${whyNot(greeting)}`,
        'its operator should look after it; others take its place meanwhile',
      ),
    ]
  const claimed = isMap(answer) && typeof answer.operator === 'string' ? answer.operator.toLowerCase() : 'nobody'
  if (claimed !== id.toLowerCase())
    return [
      problem(
        name,
        `${who}: it says that it is ${claimed.slice(0, 34)}`,
        'do not trust it; its operator should correct the address in the registry',
      ),
    ]
  return ready
    ? []
    : [
        warning(
          name,
          `${who}: it answers and is not ready`,
          'wait; it may be starting, or its chain client may be behind',
        ),
      ]
}

async function checkCommittee(chain: Chain, visited: readonly Visited[], signal: AbortSignal): Promise<Finding> {
  const epoch = await activeEpoch(chain, { signal })
  if (epoch === undefined)
    return problem('committee', 'no committee of key nodes yet', 'wait until the key nodes have generated their key')
  const answering = epoch.members.filter((member) => answers(visited, member)).length
  const words = `any ${epoch.k} of ${epoch.members.length} release, epoch ${epoch.epoch}; ${answering} answer`
  if (answering < epoch.k)
    return problem('committee', words, 'nobody but patients can open records until more key nodes are up')
  return answering < epoch.members.length
    ? warning('committee', words, 'it works; see key-nodes for those that do not answer')
    : ok('committee', words)
}

function answers(visited: readonly Visited[], member: Hex): boolean {
  return visited.some(({ id, greeting, ready }) => {
    const claimed = isMap(greeting.answer) ? greeting.answer.operator : undefined
    return id === member && ready && String(claimed).toLowerCase() === id.toLowerCase()
  })
}

async function checkDirectories(view: NetworkView, signal: AbortSignal): Promise<Finding[]> {
  const { directoryUrls } = view.chain.network
  if (directoryUrls.length === 0)
    return [warning('directory', 'the network file names none', 'names will be shown as ids; add directoryUrls')]
  const findings = await Promise.all(
    directoryUrls.map(async (url): Promise<Finding> => {
      const greeting = await greet(url, '/v1/entries', signal)
      if (greeting.status !== 200)
        return problem('directory', `${url}: ${whyNot(greeting)}`, 'names will be shown as ids; ask whoever runs it')
      const network = { ...view.chain.network, directoryUrls: [url] }
      const listed = await listOrganizations({ ...view, chain: { ...view.chain, network } }, signal)
      const named = listed.filter(({ name }) => name !== undefined).length
      const words = `${url}: ${named} of ${listed.length} organizations' names verify`
      return named < listed.length
        ? warning('directory', words, 'the others are shown as ids; each organization publishes its own entry')
        : ok('directory', words)
    }),
  )
  return findings
}

async function checkRelayers(chain: Chain, signal: AbortSignal): Promise<Finding[]> {
  const { relayerUrls, networkId } = chain.network
  if (relayerUrls.length === 0) return [ok('relayers', 'none named; consents go as transactions of your own')]
  return await Promise.all(
    relayerUrls.map(async (url): Promise<Finding> => {
      const greeting = await greet(url, '/v1/status', signal)
      const cure = 'consents can still be sent as your own transaction: --send'
      if (greeting.status !== 200) return warning('relayers', `${url}: ${whyNot(greeting)}`, cure)
      const theirs = isMap(greeting.answer) ? greeting.answer.networkId : undefined
      if (theirs !== networkId)
        return problem('relayers', `${url} serves another network`, 'correct relayerUrls in the network file')
      const { status } = await greet(url, '/readyz', signal)
      return status === 200
        ? ok('relayers', `${url} carries consents`)
        : warning('relayers', `${url} is not ready`, cure)
    }),
  )
}
