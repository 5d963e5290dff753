import type { Bytes, Hex } from '@sharewell/sdk/bytes'
import type { GlassAsk, GlassParts } from '@sharewell/sdk/flow'
import type { Policy } from '@sharewell/sdk/share'
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'

/** What a hospital's desk knows of its patient: enough to seal to them and to name the categories of their records. */
export type KnownPatient = {
  readonly pseudonym: Hex
  readonly providerId: Hex
  readonly selfPublicKey: Bytes
  /** Names the bits of this pseudonym; shared by patient and hospital. */
  readonly categoryKey: Bytes
  /** What the desk calls the patient; it never leaves this device. */
  readonly label: string
}

export type Device = { readonly privateKey: Hex; readonly address: Hex }

/** A clinician's side of an emergency. The seed opens nothing without the key nodes, which ask for a window. */
export type KeptEmergency = {
  readonly ask: GlassAsk
  readonly partSeed: Bytes
  /** What the officer handed back, once it did. */
  readonly parts?: GlassParts | undefined
}

interface Schema extends DBSchema {
  /** A patient's vault, encrypted under a wallet's signature; by network and account. */
  vaults: { key: string; value: Bytes }
  /** The key with which this device deposits for an organization; by network and organization. */
  devices: { key: string; value: Device }
  /** Patients whom this device registered or was told of; by network, provider and pseudonym. */
  patients: { key: string; value: KnownPatient }
  /** Receipts of private consents that a patient gave, sealed to the patient; by network, pseudonym, grantee and record. */
  given: { key: string; value: Bytes }
  /** Consent receipts that a reader was shown; by network, account, pseudonym, grantee and record. */
  shown: { key: string; value: string }
  /** What a patient's device knows of kit, guardians and a recovery, sealed to its vault; by network and account. */
  recovery: { key: string; value: string }
  /** What a clinician asked an officer with, until the emergency is over; by network, account and pseudonym. */
  emergencies: { key: string; value: KeptEmergency }
  /** Policies that were chosen for deposits of this device, the last one in use; by network. */
  policies: { key: string; value: readonly Policy[] }
}

let opened: Promise<IDBPDatabase<Schema>> | undefined

/** What this browser keeps between visits. It never leaves the device. */
function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>('sharewell', 5, {
    upgrade: (db) => {
      for (const name of stores) if (!db.objectStoreNames.contains(name)) db.createObjectStore(name)
    },
  })
  return opened
}

const stores = ['vaults', 'devices', 'patients', 'given', 'shown', 'recovery', 'emergencies', 'policies'] as const

type StoreName = (typeof stores)[number]

/** Reads one thing kept on this device, or undefined. */
export async function kept<name extends StoreName>(
  store: name,
  ...key: readonly Hex[]
): Promise<Schema[name]['value'] | undefined> {
  return await (await database()).get(store, joined(key))
}

/** Keeps one thing on this device. */
export async function keep<name extends StoreName>(
  store: name,
  value: Schema[name]['value'],
  ...key: readonly Hex[]
): Promise<void> {
  await (await database()).put(store, value, joined(key))
}

/** Forgets one thing kept on this device. */
export async function forget(store: StoreName, ...key: readonly Hex[]): Promise<void> {
  await (await database()).delete(store, joined(key))
}

/** Everything of one kind whose key starts with these ids. */
export async function allKept<name extends StoreName>(
  store: name,
  ...key: readonly Hex[]
): Promise<readonly Schema[name]['value'][]> {
  const prefix = `${joined(key)}/`
  return await (await database()).getAll(store, IDBKeyRange.bound(prefix, `${prefix}\uffff`))
}

const joined = (key: readonly Hex[]): string => key.join('/').toLowerCase()
