import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Hex } from '@sharewell/sdk/bytes'
import {
  type BlockMark,
  blockAt,
  type Chain,
  decide,
  hashMessage,
  type Message,
  parseMessage,
  recordOf,
  releaseRequestsOf,
  releasesOf,
} from '@sharewell/sdk/chain'
import { idOf } from '../../scripts/network/parties.ts'
import { openAnswerStore } from '../../services/key-node/src/answers.ts'
import type { Check } from './check.ts'
import type { World } from './world.ts'

/** A release as a key node keeps it. */
type Release = {
  readonly node: string
  readonly requestHash: Hex
  /** Seconds: the later one of the node's clock and the head's time. */
  readonly at: number
  readonly request: Message<'KeyRequest'>
}

/**
 * Holds what key nodes gave out against the chain: each release has a logged request before it and a consent that was
 * live when it was made. Call it while key nodes are stopped and the chain runs.
 */
export async function checkReleases(world: World): Promise<Check[]> {
  const nodes = world.parts.filter(({ kind }) => kind === 'key-node').map(({ name }) => name)
  const releases = nodes.flatMap((name) => releasesIn(world, name))
  const blocks = await timesOf(world.chain)
  return [
    checkLogs(world, nodes),
    await checkRequests(world, releases),
    await checkConsent(world, releases, blocks),
    await checkReported(world, releases),
  ]
}

function releasesIn({ folder }: World, node: string): Release[] {
  const db = new DatabaseSync(path.join(folder, node, 'answers.sqlite'), { readOnly: true })
  try {
    const rows = db.prepare('SELECT requestHash, at, request FROM answers ORDER BY rowid').all()
    return rows.map(({ requestHash, at, request }) => {
      const { request: message } = JSON.parse(String(request)) as { request: unknown }
      return { node, requestHash: requestHash as Hex, at: Number(at), request: parseMessage('KeyRequest', message) }
    })
  } finally {
    db.close()
  }
}

/** The local log of each node is one chain of hashes, with an entry for each answer. */
export function checkLogs({ folder }: Pick<World, 'folder'>, nodes: readonly string[]): Check {
  const wrong = nodes.filter((name) => {
    const answers = openAnswerStore(path.join(folder, name), { minute: 1, day: 1, patient: 1 })
    try {
      return !answers.verifyLog()
    } finally {
      answers.close()
    }
  })
  return { what: "key nodes' own logs verify", held: nodes.length, wrong }
}

/** Every request is what its hash says, and stood in a block before any node answered. */
async function checkRequests({ chain }: World, releases: readonly Release[]): Promise<Check> {
  const logged = new Map<Hex, number>()
  for (const { requestHash, time } of await releaseRequestsOf(chain, {}))
    if (!logged.has(requestHash)) logged.set(requestHash, time)
  const wrong = releases.flatMap(({ node, requestHash, at, request }) => {
    const time = logged.get(requestHash)
    if (hashMessage(chain.network, 'KeyRequest', request) !== requestHash) return [`${node}: ${requestHash} is altered`]
    return time !== undefined && time <= at ? [] : [`${node}: ${requestHash} was answered before it was logged`]
  })
  return { what: 'each release follows its logged request', held: releases.length, wrong }
}

/** Seconds by which the clock of a node may be ahead of the block that it looked at. */
const slack = 2

/** The chain at some block about the time of the release says PERMIT, for the slot that the request names. */
async function checkConsent({ chain }: World, releases: readonly Release[], blocks: Blocks): Promise<Check> {
  const wrong: string[] = []
  for (const { node, requestHash, at, request } of releases) {
    const record = await recordOf(chain, { recordId: request.recordId })
    if (!record) {
      wrong.push(`${node}: ${requestHash} is about no record`)
      continue
    }
    const { pseudonym, category: categoryBit } = record
    const query = {
      pseudonym,
      recordId: request.recordId,
      categoryBit,
      reader: request.reader,
      purpose: request.purpose,
    }
    const decisions = await Promise.all(
      blocks.about(at).map((mark) => {
        const view = { latest: mark, final: mark, earlier: at, later: at }
        return decide(chain, query, { at: view })
      }),
    )
    if (!decisions.some(({ permit, key }) => permit && key === request.consentKey))
      wrong.push(`${node}: ${requestHash} at ${at} had ${decisions.map(({ code }) => code).join() || 'no block'}`)
  }
  return { what: 'each release had a live consent', held: releases.length, wrong }
}

/** Every answer is told to the chain in the end, and nothing else. */
async function checkReported({ chain, state }: World, releases: readonly Release[]): Promise<Check> {
  const told = new Set((await releasesOf(chain, {})).map(({ requestHash, operator }) => `${operator} ${requestHash}`))
  const given = new Set(releases.map(({ node, requestHash }) => `${idOf(state, node)} ${requestHash}`))
  const wrong = [
    ...[...given].filter((one) => !told.has(one)).map((one) => `${one} was never told to the chain`),
    ...[...told].filter((one) => !given.has(one)).map((one) => `${one} was told and not given`),
  ]
  return { what: 'releases told to the chain are those that were given', held: given.size, wrong }
}

type Blocks = { about(time: number): BlockMark[] }

/** Times of all blocks: a replay keeps those that carry transactions, and only those count. */
async function timesOf(chain: Chain): Promise<Blocks> {
  const { number } = await blockAt(chain, { blockTag: 'latest' })
  const marks: BlockMark[] = []
  for (let from = 0n; from <= number; from += 200n) {
    const numbers = Array.from({ length: Number(min(200n, number - from + 1n)) }, (_, i) => from + BigInt(i))
    marks.push(...(await Promise.all(numbers.map((blockNumber) => blockAt(chain, { blockNumber })))))
  }
  return {
    about(time) {
      const before = marks.findLast((mark) => mark.time <= time - slack)
      return [...(before ? [before] : []), ...marks.filter((mark) => mark.time > time - slack && mark.time <= time)]
    },
  }
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b)
