import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Bytes, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { type Chain, grant, operators, personId, withAccount } from '@sharewell/sdk/chain'
import { keyNodesOf } from '@sharewell/sdk/flow/key-nodes'
import { categoryBit } from '@sharewell/sdk/record'
import { register, sendCategoryKey } from '../network/deposits.ts'
import { accountOf } from '../network/parties.ts'
import { categoryKeyOf, demoPatients, demoPeople, drawKeys } from '../network/people.ts'
import { runChain, runNodes } from '../network/run.ts'
import { openState, type State, saveState, writeWhole } from '../network/state.ts'

/** A network of its own, with one patient and one doctor, that leaves nothing behind. */
export type MeasuredNetwork = {
  readonly folder: string
  /** The file that describes it and its people. */
  readonly file: string
  readonly state: State
  readonly admin: Chain
  readonly patient: MeasuredPatient
  readonly doctor: Chain
  /** Bytes that lie on all storage nodes together, lists and descriptions included. */
  stored(): Promise<number>
  close(): Promise<void>
}

export type MeasuredPatient = {
  readonly pseudonym: Hex
  readonly selfPublicKey: Bytes
  readonly selfSeed: Bytes
  readonly chain: Chain
  /** The hospital that deposits. */
  readonly hospital: Chain
  /** The bit of a category in the patient's own permutation. */
  bit(category: number): number
}

/** Starts the network and registers the patient. Key nodes release as often as measuring needs. */
export async function startMeasuredNetwork(options: {
  processes: boolean
  signal: AbortSignal
}): Promise<MeasuredNetwork> {
  const { processes, signal } = options
  const folder = await mkdtemp(path.join(tmpdir(), 'sharewell-measure-'))
  const running = new AsyncDisposableStack()
  running.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  try {
    const state = await openState(folder, { anyPorts: true })
    drawKeys(state)
    await saveState(folder, state)
    const budgets = { minute: 1_000_000, day: 1_000_000, patient: 1_000_000 }
    const run = { folder, state, processes, running, say: () => {}, signal, budgets }
    const network = await runNodes(await runChain(run), run)
    const file = path.join(folder, 'network.json')
    const description = { network: network.description, demo: { people: demoPeople(state) } }
    await writeWhole(file, JSON.stringify(description), 0o600)
    const { chain: admin } = network
    const [patient, doctor] = [await openPatient(admin, state, signal), withAccount(admin, accountOf(state, 'okafor'))]
    const stored = () => storedBytes(admin)
    return { folder, file, state, admin, patient, doctor, stored, close: () => running.disposeAsync() }
  } catch (error) {
    await running.disposeAsync()
    throw error
  }
}

async function openPatient(admin: Chain, state: State, signal: AbortSignal): Promise<MeasuredPatient> {
  const [patient] = demoPatients(state)
  const place = patient?.places.get(patient.hospital)
  if (!patient || !place) throw new Error('The demo has no patient.')
  const { id } = patient
  const at = patient.hospital
  const hospital = withAccount(admin, accountOf(state, `hospital-${at + 1}`))
  await register(hospital, state, patient)
  await sendCategoryKey(hospital, state, patient, { keyNodes: await keyNodesOf(admin, { signal }), signal })
  const categoryKey = fromHex(categoryKeyOf(state, id, at), 32)
  return {
    pseudonym: toHex(place.pseudonym),
    selfPublicKey: place.self.publicKey,
    selfSeed: place.self.seed,
    chain: withAccount(admin, accountOf(state, `${id}-${at + 1}`)),
    hospital,
    bit: (category) => categoryBit(categoryKey, category),
  }
}

/** The patient lets the doctor read every category for treatment: one transaction. */
export async function grantAll({ patient, doctor }: MeasuredNetwork, signal: AbortSignal): Promise<void> {
  const granteeId = personId(doctor.wallet?.account.address ?? '0x')
  const terms = { from: 0, until: doctor.clock() + 7 * 86_400, purposes: 1, categories: 0xffff_ffff }
  await grant(patient.chain, { pseudonym: patient.pseudonym, granteeId, terms }, { signal })
}

async function storedBytes(admin: Chain): Promise<number> {
  const nodes = await operators(admin, { kind: 'storage' })
  const bytes = await Promise.all(
    nodes.map(async ({ endpoint }) => {
      const answer = await fetch(`${endpoint}/v1/status`, { signal: AbortSignal.timeout(30_000) })
      return ((await answer.json()) as { bytes: number }).bytes
    }),
  )
  return bytes.reduce((sum, one) => sum + one, 0)
}
