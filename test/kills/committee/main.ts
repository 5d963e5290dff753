import { activeEpoch } from '@sharewell/sdk/chain'
import type { Check } from '../check.ts'
import { checkJournal, checkServiceLogs } from '../check-chain.ts'
import { killMany } from '../killer.ts'
import { createRandom } from '../random.ts'
import type { Tally } from '../tally.ts'
import { persist, runOne, startCeremonies, type Wish, whereItStands } from './ceremonies.ts'
import { checkAnswers, checkBlame, checkDisks, checkRecords } from './check.ts'
import { depositOne, nothingTold, reading, type Told } from './readers.ts'
import type { CommitteeWorld } from './world.ts'

export type Options = {
  readonly kills: number
  readonly seed: number
  readonly tally: Tally
  readonly say: (what: string, text: string) => void
}

/**
 * Kills the chain, key nodes and whoever carries, while key nodes generate, refresh and reshare their key and answer
 * readers: first in generations, of which no record depends yet, then in resharings under readers. Returns what was
 * held against what.
 */
export async function killCommittee(world: CommitteeWorld, options: Options): Promise<Check[]> {
  const { kills, seed, tally, say } = options
  const first = Math.ceil(kills / 4)
  say('keys', 'key nodes generate the key, again and again')
  await killDuring(world, { ...options, kills: first, seed }, ['generation'])
  const told = nothingTold()
  await endWell(world, 'generation', seed)
  const groupKey = (await activeEpoch(world.chain))?.groupKey ?? '0x'
  for (let at = 0; at < 3; at++) await persist(() => depositOne(world, told))
  say('keys', 'records are wrapped to it; key nodes refresh and reshare, and readers ask')
  let stopped = false
  const until = () => stopped
  const readers = [1, 2].map((at) => reading(world, { told, tally, random: createRandom(seed + at), until }))
  await killDuring(world, { ...options, kills: kills - first, seed: seed + 3 }, ['refresh', 'resharing'])
  stopped = true
  await Promise.all(readers)
  say('calm', 'no more kills; one more refresh')
  await endWell(world, 'refresh', seed)
  say('check', 'holding what nodes said against what is there')
  return await checkAll(world, told, tally, groupKey)
}

async function killDuring(
  world: CommitteeWorld,
  { kills, seed, tally, say }: Options,
  wishes: readonly [Wish, ...Wish[]],
): Promise<void> {
  const ceremonies = startCeremonies(world, { tally, random: createRandom(seed + 10), wishes })
  const during = () => whereItStands(world).catch(() => 'while the chain is down')
  const random = createRandom(seed + 20)
  await killMany(world, ceremonies, { kills, tally, random, during, say: (text) => say('kill', text) })
  await ceremonies.stop()
}

/** One ceremony in which nothing is killed, until one is done. */
async function endWell(world: CommitteeWorld, wish: Wish, seed: number): Promise<void> {
  const random = createRandom(seed)
  for (let tries = 0; tries < 5; tries++)
    if ((await runOne(world, { wish, random, calls: new Set() })).startsWith('done')) return
  throw new Error(`No ${wish} ends although nothing is killed any more.`)
}

async function checkAll(world: CommitteeWorld, told: Told, tally: Tally, groupKey: `0x${string}`): Promise<Check[]> {
  const checks = [...(await checkRecords(world, told, groupKey)), await checkBlame(world)]
  // What is over is erased at the next look, a second later.
  await new Promise((resolve) => setTimeout(resolve, 10_000))
  for (const part of world.parts.filter(({ kind }) => kind === 'key-node')) await part.stop()
  checks.push(...checkAnswers(world, told, tally), await checkDisks(world))
  return [...checks, await checkJournal(world), await checkServiceLogs(world)]
}
