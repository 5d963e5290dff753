import type { Hex } from '@sharewell/sdk/bytes'
import { encodeTerms, type RenewTerms } from '@sharewell/sdk/share'
import { operations } from './renewal-operations.ts'
import { type Scenario, toVectors } from './scenarios.ts'
import { bytesFrom, type Vectors, whenRun, writeVectors } from './vector.ts'

type Bytes = Uint8Array<ArrayBuffer>
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i)
const rowsFrom = (seed: string, count: number, length: number): Bytes[] =>
  numbers(count).map((i) => bytesFrom(`${seed} ${i}`, length))
const hex = (bytes: Uint8Array): Hex => `0x${Buffer.from(bytes).toString('hex')}`
const hexFrom = (seed: string, length: number): Hex => hex(bytesFrom(`renewal ${seed}`, length))

async function made(
  name: string,
  comment: string,
  operation: keyof typeof operations,
  input: object,
  expect = 'success',
): Promise<Scenario> {
  const scenario = { name, comment, operation, expect, input }
  if (expect !== 'success') return scenario
  const run = operations[operation] as (given: object) => unknown
  return { ...scenario, output: await run(input) }
}

const base = {
  v: 1,
  networkId: bytesFrom('renewal network', 32),
  recordId: bytesFrom('renewal record', 32),
  version: 1,
  manifestHash: bytesFrom('renewal manifest', 32),
  placementHash: bytesFrom('renewal placement', 32),
  nonce: bytesFrom('renewal nonce', 32),
} as const
const operators = rowsFrom('renewal operator', 7, 16)
const policy = { n: 5, t: 3, r: 2 }
const terms = (more: object): Hex => hex(encodeTerms({ ...base, ...more } as RenewTerms))

const bodies = (count: number, length: number) => rowsFrom('renewal body', count, length).map(hex)

const repairs = async (): Promise<Scenario[]> =>
  await Promise.all([
    made('repair', 'share 3 from shares 0, 2 and 4', 'repair', {
      ...policy,
      helpers: [0, 2, 4],
      share: 3,
      bodies: bodies(3, 64),
      random: hexFrom('pieces', 6 * 64),
    }),
    made('repair-larger-field', 'share 100 of 260, symbols of 16 bits', 'repair', {
      n: 260,
      t: 3,
      r: 2,
      helpers: [3, 77, 259],
      share: 100,
      bodies: bodies(3, 32),
      random: hexFrom('pieces', 6 * 32),
    }),
    made(
      'repair-itself',
      'a share does not help itself',
      'repair',
      { ...policy, helpers: [0, 2, 3], share: 3 },
      'RENEW',
    ),
  ])

const refreshes = async (): Promise<Scenario[]> =>
  await Promise.all([
    made('refresh', 'one contribution to five nodes, two chunks', 'refresh', {
      ...policy,
      nodes: numbers(5),
      beacon: hexFrom('beacon', 32),
      lengths: [64, 32],
      random: hexFrom('words', 2 * (64 + 32 + 32)),
    }),
    made('refresh-larger-field', 'symbols of 16 bits, four masks; t = 129 makes N = 256', 'refresh', {
      n: 129,
      t: 129,
      r: 1,
      nodes: [0, 128],
      beacon: hexFrom('beacon', 32),
      lengths: [32],
      random: hexFrom('words', 64),
    }),
  ])

async function verdicts(): Promise<Scenario[]> {
  const nodes = await operations.refresh({
    ...policy,
    nodes: numbers(5),
    beacon: hexFrom('beacon', 32),
    lengths: [32],
    random: hexFrom('judged', 2 * 64),
  })
  const values: (number[] | null)[] = nodes.map((node) => node.values)
  const lie = (values[3] as number[]).map((value) => value ^ 1)
  const moved = values.map((some) => some?.map((value) => value ^ 1))
  return await Promise.all([
    made('judge-honest', 'all five fit', 'judge', { ...policy, off: 1, values }),
    made('judge-off', 'node 3 says something else and is named', 'judge', {
      ...policy,
      off: 1,
      values: values.with(3, lie),
    }),
    made('judge-silent', 'node 0 says nothing', 'judge', { ...policy, off: 1, values: values.with(0, null) }),
    made('judge-two-off', 'two of five are too many for f = 1', 'judge', {
      ...policy,
      off: 1,
      values: values.with(0, null).with(3, lie),
    }),
    made('judge-moves-data', 'the values of a constant that would move the data', 'judge', {
      ...policy,
      off: 1,
      values: moved,
    }),
  ])
}

async function changes(): Promise<Scenario[]> {
  const seeds = { '0,1': hexFrom('seed 01', 32), '0,3': hexFrom('seed 03', 32), '1,3': hexFrom('seed 13', 32) }
  const change = { contributors: [0, 1, 3], bodies: bodies(3, 32), session: hexFrom('session', 32), i: 2, seeds }
  return await Promise.all([
    made('change', '(5, 3, 1) to (6, 4, 2), chunk 2', 'change', {
      ...change,
      from: { n: 5, t: 3, r: 1 },
      to: { n: 6, t: 4, r: 2 },
      random: hexFrom('parts', 3 * 2 * 32),
    }),
    made(
      'change-k',
      'another number of data rows',
      'change',
      {
        ...change,
        from: { n: 5, t: 3, r: 1 },
        to: { n: 6, t: 4, r: 1 },
        random: '0x',
      },
      'RENEW',
    ),
  ])
}

const words = async (): Promise<Scenario[]> =>
  await Promise.all([
    made('session-repair', 'terms of a repair', 'session', {
      ...policy,
      terms: terms({ epoch: 0, kind: 'repair', contributors: [0, 2, 4], receivers: operators.slice(3, 4), share: 3 }),
    }),
    made('session-refresh', 'terms of a refresh', 'session', {
      ...policy,
      terms: terms({ epoch: 1, kind: 'refresh', contributors: [0, 1, 2], receivers: operators.slice(0, 5), off: 1 }),
    }),
    made('session-change', 'terms of a change', 'session', {
      ...policy,
      terms: terms({
        epoch: 1,
        kind: 'change',
        contributors: [0, 1, 3],
        receivers: operators,
        policy: { n: 7, t: 4, r: 3 },
      }),
    }),
    made(
      'session-few',
      'r contributors of a refresh are one too few',
      'session',
      {
        ...policy,
        terms: terms({ epoch: 1, kind: 'refresh', contributors: [0, 1], receivers: operators.slice(0, 5), off: 1 }),
      },
      'RENEW',
    ),
    made('beacon', 'of a session and a block', 'beacon', {
      session: hexFrom('session', 32),
      blockHash: hexFrom('block', 32),
    }),
    made('root', 'what a node attests of its new share', 'root', {
      key: hexFrom('key', 32),
      networkId: hex(base.networkId),
      recordId: hex(base.recordId),
      version: 1,
      prev: hex(base.manifestHash),
      epoch: 1,
      share: 2,
      root: hexFrom('root', 32),
    }),
  ])

/** Every step of the three protocols, over both fields. */
export async function renewalVectors(): Promise<Vectors> {
  const all = await Promise.all([repairs(), refreshes(), verdicts(), changes(), words()])
  return toVectors(all.flat())
}

whenRun(import.meta.url, async () => writeVectors('renewal', await renewalVectors()))
