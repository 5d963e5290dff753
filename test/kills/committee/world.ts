import path from 'node:path'
import { type Hex, toHex } from '@sharewell/sdk/bytes'
import { type Chain, credentialId, operators, withAccount } from '@sharewell/sdk/chain'
import { agree } from '../../../scripts/network/council.ts'
import { register } from '../../../scripts/network/deposits.ts'
import { doctors, hospitals } from '../../../scripts/network/layout.ts'
import {
  accountOf,
  attestStaff,
  idOf,
  keyOf,
  nodeAdmissions,
  nodeParties,
  organizationAdmissions,
} from '../../../scripts/network/parties.ts'
import { demoPatients, demoPeople, drawKeys } from '../../../scripts/network/people.ts'
import { hpkeKeyHashOf, runChain } from '../../../scripts/network/run.ts'
import { openState, type State, saveState, writeWhole } from '../../../scripts/network/state.ts'
import type { anchorRecord, Patient } from '../../helpers/committee.ts'
import type { Doctor } from '../../helpers/requests.ts'
import { chainOf, type Part, serviceOf, type World } from '../world.ts'

/** A chain and five key nodes, each a process, and no release key yet. */
export type CommitteeWorld = Pick<World, 'folder' | 'network' | 'state' | 'chain' | 'parts' | 'journal'> & {
  /** The hospitals' accounts, which are the council. */
  readonly council: readonly [Chain, ...Chain[]]
  /** Operator ids of the key nodes, with the names of their parts. */
  readonly nodes: readonly { readonly id: Hex; readonly name: string; readonly url: string }[]
  readonly hospital: anchorRecord.Args['hospital']
  readonly patient: Pick<Patient, 'pseudonym' | 'selfPublicKey' | 'chain'>
  readonly doctor: Doctor
  close(): Promise<void>
}

/** Starts the network in a folder. */
export async function startCommitteeWorld(
  folder: string,
  say: (what: string, text: string) => void,
): Promise<CommitteeWorld> {
  const running = new AsyncDisposableStack()
  const { signal } = new AbortController()
  const state = await openState(folder, { anyPorts: true })
  drawKeys(state)
  await saveState(folder, state)
  const journal = path.join(folder, 'chain.jsonl')
  const chainPart = chainOf(folder, journal, state.ports.chain ?? 0)
  await chainPart.start()
  const chainUrl = `http://127.0.0.1:${state.ports.chain}`
  const opened = await runChain({ folder, state, processes: true, running, say, signal, chainUrl })
  const { chain, description: network } = opened
  const parts = nodeParties
    .filter(({ kind }) => kind === 'key')
    .map(({ name }) => keyNodeOf(name, { folder, state, network }))
  for (const part of parts) await part.start()
  const [first, ...others] = hospitals.map((_, at) => withAccount(chain, accountOf(state, `hospital-${at + 1}`)))
  const council = [first as Chain, ...others] as const
  const endpoints = { urlOf: (name: string) => urlOf(state, name), hpkeKeyHashOf }
  const admissions = [
    ...(await organizationAdmissions(chain, state)),
    ...(await nodeAdmissions(chain, state, endpoints)),
  ]
  await agree(council, admissions, { signal })
  await attestStaff(chain, state)
  await writeWhole(
    path.join(folder, 'network.json'),
    `${JSON.stringify({ network, demo: { people: demoPeople(state) } })}\n`,
    0o600,
  )
  const keyNodes = await operators(chain, { kind: 'key' })
  return {
    folder,
    network,
    state,
    chain,
    parts: [chainPart, ...parts],
    journal,
    council,
    nodes: keyNodes.map(({ id, endpoint }) => ({
      id,
      url: endpoint,
      name: parts.find(({ name }) => idOf(state, name) === id)?.name ?? '',
    })),
    ...(await peopleOf(chain, state)),
    async close() {
      await Promise.all(parts.map((part) => part.stop()))
      await chainPart.stop()
    },
  }
}

/** Looks at ceremonies every second, and refuses nobody for having asked often. */
function keyNodeOf(name: string, { folder, state, network }: Pick<World, 'folder' | 'state' | 'network'>): Part {
  const config = {
    port: state.ports[name] ?? 0,
    folder: path.join(folder, name),
    network: JSON.parse(JSON.stringify(network)),
    privateKey: keyOf(state, name),
    secret: keyOf(state, `${name}-secret`),
    budgets: { minute: 100_000, day: 100_000, patient: 100_000 },
    ceremonyInterval: 1_000,
    checkpointInterval: 0,
    logLevel: 'info' as const,
  }
  return serviceOf({ name, kind: 'key-node', config }, folder, urlOf(state, name))
}

async function peopleOf(chain: Chain, state: State): Promise<Pick<CommitteeWorld, 'hospital' | 'patient' | 'doctor'>> {
  const [patient] = demoPatients(state)
  const [doctor] = doctors
  const place = patient?.places.get(patient.hospital)
  if (!patient || !place) throw new Error('The demo has no patient.')
  const desk = `hospital-${patient.hospital + 1}`
  const hospital = { account: accountOf(state, desk), chain: withAccount(chain, accountOf(state, desk)) }
  await register(hospital.chain, state, patient)
  const own = withAccount(chain, accountOf(state, `${patient.id}-${patient.hospital + 1}`))
  const account = accountOf(state, doctor.id)
  const credential = credentialId(account.address, idOf(state, `hospital-${doctor.hospital + 1}`))
  return {
    hospital,
    patient: { pseudonym: toHex(place.pseudonym), selfPublicKey: place.self.publicKey, chain: own },
    doctor: { account, chain: withAccount(chain, account), credential },
  }
}

const urlOf = ({ ports }: State, name: string) => `http://127.0.0.1:${ports[name]}`
