import { equal } from '@sharewell/sdk/bytes'
import { activeEpoch, grant, personId } from '@sharewell/sdk/chain'
import { keyNodesOf, putHeader } from '@sharewell/sdk/flow/key-nodes'
import { unwrapW1 } from '@sharewell/sdk/release'
import { requestRelease } from '../../../sdk/src/flow/release.ts'
import { anchorRecord, type TestRecord } from '../../helpers/committee.ts'
import { type SignedRequest, signRequest } from '../../helpers/requests.ts'
import type { Random } from '../random.ts'
import { count, type Tally } from '../tally.ts'
import { persist } from './ceremonies.ts'
import type { CommitteeWorld } from './world.ts'

/** What a node answered to a request: as it came, for good. */
export type Answers = Map<string, Map<string, string>>

/** What readers were told. */
export type Told = {
  readonly records: TestRecord[]
  /** By request, then by node. */
  readonly answers: Answers
  repeated: number
  opened: number
}

/** An empty account of it. */
export const nothingTold = (): Told => ({ records: [], answers: new Map(), repeated: 0, opened: 0 })

/** Anchors a record, shared with the doctor, whose header lies with the nodes that serve now. */
export async function depositOne({ network, chain, hospital, patient, doctor }: CommitteeWorld, told: Told) {
  const epoch = await activeEpoch(chain)
  if (!epoch) throw new Error('No committee serves.')
  const record = await anchorRecord({ network }, { hospital, patient, groupKey: epoch.groupKey })
  await putHeader(await keyNodesOf(chain), { header: record.headerBytes })
  const terms = { from: 0, until: chain.clock() + 86_400, purposes: 1, categories: 0 }
  const granteeId = personId(doctor.account.address)
  await grant(patient.chain, { pseudonym: patient.pseudonym, granteeId, recordId: record.recordId, terms })
  told.records.push(record)
}

/** Asks for records and deposits further ones until it is told to stop. What a node answered once, it must answer again. */
export async function reading(
  world: CommitteeWorld,
  { told, tally, random, until }: { told: Told; tally: Tally; random: Random; until: () => boolean },
): Promise<void> {
  const open: SignedRequest[] = []
  while (!until()) {
    await new Promise((resolve) => setTimeout(resolve, random.below(500)))
    if (random.below(12) === 0) await depositOne(world, told).catch(() => count(tally, 'deposit: tried again'))
    const record = told.records[random.below(told.records.length)]
    if (!record) continue
    const signed = await asked(world, record).catch(() => undefined)
    if (!signed) continue
    await askAll(world, signed, { told, tally })
    count(tally, `release: ${await openOne(world, record, signed, told).catch(codeIn)}`)
    open.push(signed)
    // Asked again, also after kills: the last few requests are still alive.
    for (const earlier of open.splice(-4)) {
      await askAll(world, earlier, { told, tally })
      open.push(earlier)
    }
  }
}

async function asked({ network, patient, doctor }: CommitteeWorld, record: TestRecord): Promise<SignedRequest> {
  return await signRequest(network, { doctor, pseudonym: patient.pseudonym, record })
}

/** Opens a record as a reader does: k partials of one epoch, combined, and the key that they give. */
export async function openOne(
  { chain }: CommitteeWorld,
  record: TestRecord,
  signed: SignedRequest,
  told: Told,
): Promise<string> {
  const committee = await keyNodesOf(chain)
  const { key } = await requestRelease({ ...signed, chain, committee, headerHash: record.headerHash, ct: record.ct })
  if (!equal(await unwrapW1(record.header, key), record.dek)) return 'OTHER KEY'
  told.opened++
  return 'opened'
}

/** Asks for a record until it opens: for the end, when nothing is killed any more. */
export async function opensNow(world: CommitteeWorld, record: TestRecord, told: Told): Promise<string> {
  return await persist(async () => await openOne(world, record, await asked(world, record), told))
}

/** Asks every node, seat or not, and holds each answer against what that node said before. */
async function askAll({ nodes }: CommitteeWorld, signed: SignedRequest, { told, tally }: { told: Told; tally: Tally }) {
  const known = told.answers.get(signed.requestHash) ?? new Map<string, string>()
  told.answers.set(signed.requestHash, known)
  await Promise.all(
    nodes.map(async ({ name, url }) => {
      const answer = await answerOf(url, signed)
      if (answer === undefined) return
      const before = known.get(name)
      if (before !== undefined) told.repeated++
      if (before !== undefined && before !== answer)
        tally.violations.push(`${name} answered ${signed.requestHash} twice, and differently`)
      known.set(name, before ?? answer)
    }),
  )
}

async function answerOf(url: string, { body }: SignedRequest): Promise<string | undefined> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const signal = AbortSignal.timeout(20_000)
  try {
    const response = await fetch(`${url}/v1/release`, { ...init, signal })
    const text = await response.text()
    return response.ok ? text : undefined
  } catch {
    return undefined
  }
}

const codeIn = (error: unknown): string => String((error as { code?: unknown }).code ?? error).slice(0, 60)
