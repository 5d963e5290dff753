import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { fromHex, toHex } from '@sharewell/sdk/bytes'
import {
  type Chain,
  patientOf,
  purposes,
  recordsOf,
  registerPatient,
  signMessage,
  withAccount,
} from '@sharewell/sdk/chain'
import { sealCapsule } from '@sharewell/sdk/envelope'
import { deposit } from '@sharewell/sdk/flow'
import { type KeyNodes, listCapsules, putCapsule, readPass } from '@sharewell/sdk/flow/key-nodes'
import {
  bundleFromBytes,
  categoryBit,
  categoryOf,
  type RecordContent,
  recordFromPart,
  recordFromPersona,
  splitBundle,
} from '@sharewell/sdk/record'
import { eachOf } from './each-of.ts'
import { emergencySummary } from './emergencies.ts'
import { accountOf, idOf } from './parties.ts'
import { categoryKeyOf, type DemoPatient, demoPatients } from './people.ts'
import type { State } from './state.ts'

const demo = path.join(import.meta.dirname, '../../demo/patients')

/** Deposits under way at once: enough that disks, signatures and sealing do not wait for each other. */
const atOnce = 4

/**
 * Registers the demo's patients at their hospitals and deposits their bundles there, one record per category, as a
 * clerk would. What is on the chain already is left alone, so that an interrupted first start goes on where it stopped.
 */
export async function depositPatients(chain: Chain, state: State, options: DepositsOptions): Promise<void> {
  // One connection a hospital: its transactions go one after another, whoever the patient is.
  const hospitalChains = new Map<number, Chain>()
  const chainOf = (hospital: number) => {
    const known = hospitalChains.get(hospital) ?? withAccount(chain, accountOf(state, `hospital-${hospital + 1}`))
    hospitalChains.set(hospital, known)
    return known
  }
  for (const patient of demoPatients(state)) {
    const records = await depositPatient(chainOf(patient.hospital), state, patient, options)
    options.onPatient(patient, records)
  }
}

type DepositsOptions = {
  readonly keyNodes: KeyNodes
  readonly signal: AbortSignal
  readonly onPatient: (patient: DemoPatient, records: number) => void
}

async function depositPatient(
  chain: Chain,
  state: State,
  patient: DemoPatient,
  { keyNodes, signal }: DepositsOptions,
): Promise<number> {
  const { hospital, places, id, file } = patient
  const place = places.get(hospital)
  if (!place) return 0
  const pseudonym = toHex(place.pseudonym)
  const categoryKey = fromHex(categoryKeyOf(state, id, hospital), 32)
  if (!(await patientOf(chain, { pseudonym }))) await register(chain, state, patient)
  await sendCategoryKey(chain, state, patient, { keyNodes, signal })

  const present = new Set((await recordsOf(chain, { pseudonym })).map(({ category }) => category))
  const contents = await contentsOf(path.join(demo, file))
  const missing = contents
    .map((content) => ({
      ...content,
      bit: categoryBit(categoryKey, content.category),
      emergency: content.category === categoryOf('summary').id,
    }))
    .filter(({ bit }) => !present.has(bit))
  await eachOf(
    missing.map(({ bit, mime, bytes, emergency }) => async () => {
      await deposit([bytes], {
        chain,
        patient: { pseudonym, selfPublicKey: place.self.publicKey },
        categoryBit: bit,
        mime,
        size: bytes.length,
        emergency,
        signal,
      })
    }),
    { atOnce },
  )
  return contents.length
}

/** Registers a patient at the hospital that `chain` acts for. */
export async function register(chain: Chain, state: State, { hospital, places, id }: DemoPatient): Promise<void> {
  const place = places.get(hospital)
  if (!place) return
  const provider = idOf(state, `hospital-${hospital + 1}`)
  const selfKeyHash = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', place.self.publicKey)))
  const pseudonym = toHex(place.pseudonym)
  const patientChain = withAccount(chain, accountOf(state, `${id}-${hospital + 1}`))
  const signature = await signMessage(patientChain, 'Register', { pseudonym, provider, selfKeyHash })
  await registerPatient(chain, {
    controller: place.controller,
    rho: toHex(place.rho),
    provider,
    selfKeyHash,
    signature,
  })
}

/**
 * Sends the patient the key of the categories, unless it waits there already: an earlier start may have ended between
 * registering and sending. Patient and hospital share it; to everybody else a category is only a bit.
 */
export async function sendCategoryKey(
  chain: Chain,
  state: State,
  { hospital, places, id }: DemoPatient,
  { keyNodes, signal }: { keyNodes: KeyNodes; signal: AbortSignal },
): Promise<void> {
  const place = places.get(hospital)
  if (!place) return
  const { networkId } = chain.network
  const patientChain = withAccount(chain, accountOf(state, `${id}-${hospital + 1}`))
  const pass = await readPass(patientChain, {
    pseudonym: toHex(place.pseudonym),
    purpose: purposes.indexOf('PATRQT'),
  })
  const waiting = await listCapsules(keyNodes, { pass, networkId }, { signal })
  if (waiting.some(({ purpose }) => purpose === 'category key')) return
  const capsule = await sealCapsule(
    {
      networkId: fromHex(state.networkId, 32),
      pseudonym: place.pseudonym,
      purpose: 'category key',
      publicKey: place.self.publicKey,
      plaintext: fromHex(categoryKeyOf(state, id, hospital), 32),
    },
    accountOf(state, `hospital-${hospital + 1}`),
  )
  await putCapsule(keyNodes, { capsule }, { signal })
}

/** The records of a bundle: the emergency summary, one for each category, and the persona that says whose they are. */
async function contentsOf(file: string): Promise<RecordContent[]> {
  const bundle = bundleFromBytes(new Uint8Array(gunzipSync(await readFile(file))))
  const { persona, parts } = splitBundle(bundle)
  const contents = parts.map(recordFromPart)
  return [...emergencySummary(contents), ...contents, recordFromPersona(persona)]
}
