import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Hex } from '@sharewell/sdk/bytes'
import { grant, personId, relay, revoke, signConsent } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { accountOf } from '../../scripts/network/parties.ts'
import { type Call, call, type Ran } from './process.ts'
import type { Random } from './random.ts'
import { type Acknowledged, count, type Tally } from './tally.ts'
import type { Patient, World } from './world.ts'

/** People who do what people do, until they are told to stop. What was begun is ended first. */
export type Crowd = {
  /** Commands that run now. */
  readonly calls: ReadonlySet<Call>
  /** Resolves when everybody has ended what they began. */
  stop(): Promise<void>
}

type Life = { readonly world: World; readonly tally: Tally; readonly random: Random; readonly calls: Set<Call> }

const readers = ['okafor', 'lindqvist'] as const
const sizes = [1, 3_000, 70_000, 300_000, 1_200_000] as const
/** Tries of one command before it counts as stuck: kills end, so each of them must come through. */
const mostTries = 60

/** Sets two depositors, two patients and two readers to work. */
export function startCrowd(world: World, tally: Tally, random: Random): Crowd {
  const calls = new Set<Call>()
  const life = { world, tally, random, calls }
  let stopped = false
  const until = () => stopped
  const all = [
    depositing(life, 'hospital-1', until),
    depositing(life, 'hospital-2', until),
    deciding(life, until),
    deciding(life, until),
    reading(life, 'okafor', until),
    reading(life, 'lindqvist', until),
  ]
  return {
    calls,
    async stop() {
      stopped = true
      await Promise.all(all)
    },
  }
}

async function run({ calls, world, tally }: Life, kind: string, args: readonly string[]): Promise<Ran> {
  const running = call(args, { folder: world.folder, kind })
  calls.add(running)
  try {
    const ran = await running.ended
    count(tally, `${kind}: ${ran.killed ? 'killed' : ran.code === 0 ? 'done' : (ran.error ?? 'failed')}`)
    if (!ran.killed && ran.code !== 0 && ran.error === undefined)
      tally.violations.push(`${kind} failed without a code: ${ran.stderr.slice(0, 300)}`)
    if (ran.error === 'UNEXPECTED') tally.violations.push(`${kind} met a fault of its own: ${ran.stderr.slice(0, 300)}`)
    return ran
  } finally {
    calls.delete(running)
  }
}

let files = 0

/** Deposits files, each until the command says that it is done. A file becomes one record, however often it is tried. */
async function depositing(life: Life, desk: string, until: () => boolean): Promise<void> {
  const { world, tally, random } = life
  const [first = world.patients[0], ...others] = world.patients.filter((patient) => patient.desk === desk)
  while (!until()) {
    const patient = random.pick([first, ...others]).id
    const file = path.join(world.folder, `record-${files++}.bin`)
    await writeFile(file, randomBytes(random.pick(sizes), random))
    const policy = random.pick(policies)
    const told = await depositFile(life, [
      'deposit',
      file,
      '--patient',
      patient,
      '--as',
      desk,
      '--policy',
      policy.join(),
    ])
    if (told.size > 1) tally.violations.push(`${file} was acknowledged as ${told.size} records`)
    for (const [recordId, transaction] of told)
      tally.acknowledged.push({ recordId, transaction, patient, file, shares: policy[0] })
  }
}

const policies = [
  [5, 3, 0],
  [5, 3, 0],
  [4, 3, 1],
] as const

/** Calls one command until it is done; returns the records that were told of, with their transactions. */
async function depositFile(life: Life, args: readonly string[]): Promise<Map<Hex, Hex>> {
  const told = new Map<Hex, Hex>()
  for (let tries = 0; tries < mostTries; tries++) {
    const { lines, code, killed } = await run(life, 'deposit', args)
    for (const { type, recordId, transaction } of lines)
      if (type === 'deposited') told.set(recordId as Hex, transaction as Hex)
    if (code === 0 && !killed) return told
  }
  life.tally.violations.push(`${args.join(' ')}: not done after ${mostTries} tries`)
  return told
}

const randomBytes = (length: number, random: Random): Uint8Array => Uint8Array.from({ length }, () => random.below(256))

/** Grants and revokes, by a relayer or by an own transaction. Only what was said to be mined counts. */
async function deciding({ world, tally, random }: Life, until: () => boolean): Promise<void> {
  while (!until()) {
    await pause(random.below(1_000))
    const known = await some(tally, random)
    if (!known) continue
    const { recordId } = known
    const patient = world.patients.find(({ id }) => id === known.patient) ?? world.patients[0]
    const granteeId = personId(accountOf(world.state, random.pick(readers)).address)
    const decision = {
      state: random.pick(['permit', 'permit', 'revoked'] as const),
      carried: random.below(2) === 0,
      scope: { pseudonym: patient.pseudonym, granteeId, recordId },
    }
    const name = `${decision.state}${decision.carried ? ' by relayer' : ''}`
    try {
      const transaction = await decide(patient, decision)
      tally.reported.push({ transaction, patient: patient.id, granteeId, recordId, state: decision.state })
      count(tally, `${name}: mined`)
    } catch (error) {
      count(tally, `${name}: ${error instanceof BaseError ? error.code : String(error)}`)
    }
  }
}

type Decision = {
  readonly state: 'permit' | 'revoked'
  readonly carried: boolean
  readonly scope: { readonly pseudonym: Hex; readonly granteeId: Hex; readonly recordId: Hex }
}

async function decide({ chain }: Patient, { state, carried, scope }: Decision): Promise<Hex> {
  const terms = { from: 0, until: Math.floor(Date.now() / 1000) + 86_400, purposes: 1, categories: 0 }
  if (carried) {
    const act =
      state === 'permit' ? ({ kind: 'Grant', ...scope, terms } as const) : ({ kind: 'Revoke', ...scope } as const)
    return (await relay(chain, await signConsent(chain, act))).transactionHash
  }
  return (await (state === 'permit' ? grant(chain, { ...scope, terms }) : revoke(chain, scope))).transactionHash
}

/** Some record that is there, or none after a short wait. */
async function some({ acknowledged }: Tally, random: Random): Promise<Acknowledged | undefined> {
  if (acknowledged.length === 0) await pause(200)
  return acknowledged[random.below(acknowledged.length)]
}

/** Opens records; a command that was killed is called again and goes on with what it left. */
async function reading(life: Life, reader: string, until: () => boolean): Promise<void> {
  const { world, tally, random } = life
  while (!until()) {
    const known = await some(tally, random)
    if (!known) continue
    const { recordId, file } = known
    const output = path.join(world.folder, `${recordId}-${reader}`)
    const args = ['retrieve', recordId, '-o', output, '--as', reader]
    let ran = await run(life, 'retrieve', args)
    while (ran.killed) ran = await run(life, 'retrieve', args)
    if (ran.code === 0) {
      const right = (await readFile(output)).equals(await readFile(file))
      tally.opened.push({ recordId, reader, right })
      if (!right) tally.violations.push(`${reader} opened other bytes than those of ${file}`)
    }
    await rm(output, { force: true })
  }
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
