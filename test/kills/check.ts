import { readFile } from 'node:fs/promises'
import { concat, type Hex } from '@sharewell/sdk/bytes'
import { consentsOf, depositsOf, recordOf } from '@sharewell/sdk/chain'
import { retrieve } from '@sharewell/sdk/flow'
import { call } from './process.ts'
import type { Acknowledged, Tally } from './tally.ts'
import type { Patient, World } from './world.ts'

/** One line of the table: what was held against what, how often, and what was found wrong. */
export type Check = { readonly what: string; readonly held: number; readonly wrong: readonly string[] }

/** Holds everything that people were told against what is there now. */
export async function checkPeople(world: World, tally: Tally): Promise<Check[]> {
  return [
    await checkRecords(world, tally),
    await checkShares(world, tally),
    await checkAnchors(world, tally),
    await checkUnfinished(world),
    await checkConsents(world, tally),
    { what: 'what readers opened is what was deposited', held: tally.opened.length, wrong: [] },
    { what: 'nothing else went wrong on the way', held: 1, wrong: tally.violations },
  ]
}

const patientOf = (world: World, { patient }: { patient: string }): Patient =>
  world.patients.find(({ id }) => id === patient) ?? world.patients[0]

async function checkRecords(world: World, { acknowledged }: Tally): Promise<Check> {
  const wrong: string[] = []
  for (const one of acknowledged) {
    const opened = await open(patientOf(world, one), one).catch((error: unknown) => String(error).slice(0, 200))
    if (typeof opened === 'string') wrong.push(`${one.recordId} does not open: ${opened}`)
    else if (!(await readFile(one.file)).equals(opened)) wrong.push(`${one.recordId} opens as other bytes`)
  }
  return { what: 'acknowledged records open, byte for byte', held: acknowledged.length, wrong }
}

async function open({ chain, selfSeed }: Patient, { recordId }: Acknowledged): Promise<Uint8Array> {
  const { bytes } = await retrieve({ chain, recordId, as: { kind: 'patient', selfSeed } })
  const pieces: Uint8Array[] = []
  for await (const piece of bytes) pieces.push(piece)
  return concat(...pieces)
}

/** Every node that acknowledged a share still has all of it. */
async function checkShares(world: World, { acknowledged }: Tally): Promise<Check> {
  const wrong: string[] = []
  for (const { recordId, patient, shares } of acknowledged) {
    const args = ['health', recordId, '--full', '--margin', '0', '--as', patient]
    const { lines, stderr } = await call(args, { folder: world.folder, kind: 'health' }).ended
    const alive = lines.find(({ type }) => type === 'health')?.alive
    if (alive !== shares)
      wrong.push(`${recordId}: ${String(alive)} of ${shares} shares are alive ${stderr.slice(0, 300)}`)
  }
  const held = acknowledged.reduce((sum, { shares }) => sum + shares, 0)
  return { what: 'acknowledged shares are whole at their nodes', held, wrong }
}

/** One anchor for each acknowledged file, with the transaction of its receipt, and none beside. */
async function checkAnchors(world: World, { acknowledged }: Tally): Promise<Check> {
  const wrong: string[] = []
  const deposits = await depositsOf(world.chain, {})
  for (const { recordId, transaction } of acknowledged) {
    const anchors = deposits.filter((deposit) => deposit.recordId === recordId)
    if (anchors.length !== 1 || anchors[0]?.transaction !== transaction)
      wrong.push(`${recordId} is anchored ${anchors.length} times, by ${anchors.map((one) => one.transaction).join()}`)
    if (!(await recordOf(world.chain, { recordId }))) wrong.push(`${recordId} is not there`)
  }
  const known = new Set(acknowledged.map(({ recordId }) => recordId))
  for (const { recordId } of deposits)
    if (!known.has(recordId)) wrong.push(`${recordId} is anchored and nobody was told`)
  return { what: 'anchored once, and nobody else', held: deposits.length, wrong }
}

async function checkUnfinished({ folder }: World): Promise<Check> {
  const { lines } = await call(['deposits'], { folder, kind: 'deposits' }).ended
  const wrong = lines.map((line) => `left unfinished: ${JSON.stringify(line).slice(0, 200)}`)
  return { what: 'deposits left unfinished', held: lines.length, wrong }
}

/** Each decision that was said to be mined is in a block, and the slot says what the last of them said. */
async function checkConsents({ chain, patients }: World, { reported }: Tally): Promise<Check> {
  const wrong: string[] = []
  const mined = await Promise.all(
    reported.map(async (one) => {
      const receipt = await chain.client.getTransactionReceipt({ hash: one.transaction }).catch(() => undefined)
      if (receipt?.status !== 'success') wrong.push(`${one.transaction} (${one.state}) is not mined`)
      return { ...one, at: [receipt?.blockNumber ?? -1n, receipt?.transactionIndex ?? 0] as const }
    }),
  )
  for (const { id, pseudonym } of patients) {
    for (const consent of await consentsOf(chain, { pseudonym })) {
      const own = mined
        .filter(({ patient, granteeId, recordId }) => patient === id && same(consent, { granteeId, recordId }))
        .toSorted((a, b) => Number(a.at[0] - b.at[0]) || a.at[1] - b.at[1])
      const last = own.at(-1)
      // A decision whose sender heard nothing may be mined as well: then the slot is younger than what was reported.
      if (last && last.state !== consent.state && !(await isYounger(chain, consent, last.at[0])))
        wrong.push(`${consent.recordId}: the last that was reported is ${last.state}, the slot says ${consent.state}`)
    }
  }
  return { what: 'reported decisions are mined and stand', held: reported.length, wrong }
}

const same = (a: { granteeId: Hex; recordId: Hex }, b: { granteeId: Hex; recordId: Hex }): boolean =>
  a.granteeId === b.granteeId && a.recordId === b.recordId

async function isYounger(chain: World['chain'], { changedAt }: { changedAt: number }, block: bigint): Promise<boolean> {
  const { timestamp } = await chain.client.getBlock({ blockNumber: block })
  return changedAt >= Number(timestamp)
}
