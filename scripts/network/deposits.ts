import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { fromHex, toHex } from '@sharewell/sdk/bytes'
import { type Chain, patientOf, recordsOf, registerPatient, signMessage, withAccount } from '@sharewell/sdk/chain'
import { sealCapsule } from '@sharewell/sdk/envelope'
import { deposit } from '@sharewell/sdk/flow'
import { type KeyNodes, putCapsule } from '@sharewell/sdk/flow/key-nodes'
import {
  bundleFromBytes,
  categoryBit,
  type RecordContent,
  recordFromPart,
  recordFromPersona,
  splitBundle,
} from '@sharewell/sdk/record'
import { accountOf, idOf } from './parties.ts'
import { categoryKeyOf, type DemoPatient } from './people.ts'
import type { State } from './state.ts'

const demo = path.join(import.meta.dirname, '../../demo/patients')

/**
 * Registers a patient at a hospital and deposits the bundle there, one record per category, as a clerk would.
 * What is on the chain already is left alone, so that an interrupted first start goes on where it stopped.
 */
export async function depositPatient(
  chain: Chain,
  state: State,
  patient: DemoPatient,
  options: { keyNodes: KeyNodes; signal: AbortSignal; onRecord: (done: number, of: number) => void },
): Promise<void> {
  const { hospital, places, id, file } = patient
  const { signal } = options
  const place = places.get(hospital)
  if (!place) return
  const hospitalChain = withAccount(chain, accountOf(state, `hospital-${hospital + 1}`))
  const pseudonym = toHex(place.pseudonym)
  const categoryKey = fromHex(categoryKeyOf(state, id, hospital), 32)

  if (!(await patientOf(chain, { pseudonym }))) await register(chain, state, patient, options)

  const present = new Set((await recordsOf(chain, { pseudonym })).map(({ category }) => category))
  const contents = await contentsOf(path.join(demo, file))
  let done = 0
  for (const { category, mime, bytes } of contents) {
    const bit = categoryBit(categoryKey, category)
    if (!present.has(bit))
      await deposit([bytes], {
        chain: hospitalChain,
        patient: { pseudonym, selfPublicKey: place.self.publicKey },
        categoryBit: bit,
        mime,
        size: bytes.length,
        signal,
      })
    done += 1
    options.onRecord(done, contents.length)
  }
}

async function register(
  chain: Chain,
  state: State,
  { hospital, places, id }: DemoPatient,
  { keyNodes, signal }: { keyNodes: KeyNodes; signal: AbortSignal },
): Promise<void> {
  const place = places.get(hospital)
  if (!place) return
  const provider = idOf(state, `hospital-${hospital + 1}`)
  const selfKeyHash = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', place.self.publicKey)))
  const pseudonym = toHex(place.pseudonym)
  const patientChain = withAccount(chain, accountOf(state, `${id}-${hospital + 1}`))
  const signature = await signMessage(patientChain, 'Register', { pseudonym, provider, selfKeyHash })
  const hospitalAccount = accountOf(state, `hospital-${hospital + 1}`)
  const hospitalChain = withAccount(chain, hospitalAccount)
  await registerPatient(hospitalChain, {
    controller: place.controller,
    rho: toHex(place.rho),
    provider,
    selfKeyHash,
    signature,
  })
  // Patient and hospital share the key of the categories; to everybody else a category is only a bit.
  const capsule = await sealCapsule(
    {
      networkId: fromHex(state.networkId, 32),
      pseudonym: place.pseudonym,
      purpose: 'category key',
      publicKey: place.self.publicKey,
      plaintext: fromHex(categoryKeyOf(state, id, hospital), 32),
    },
    hospitalAccount,
  )
  await putCapsule(keyNodes, { capsule }, { signal })
}

/** The records of a bundle: one for each category, and the persona that says whose they are. */
async function contentsOf(file: string): Promise<RecordContent[]> {
  const bundle = bundleFromBytes(new Uint8Array(gunzipSync(await readFile(file))))
  const { persona, parts } = splitBundle(bundle)
  return [...parts.map(recordFromPart), recordFromPersona(persona)]
}
