import { type Driven, full, long } from '../drive.ts'
import { answers } from './answers.ts'
import { encodings } from './encodings.ts'
import { faultFiles } from './faults.ts'
import { files } from './files.ts'
import { handed } from './handed.ts'
import { messages, signatures } from './messages.ts'
import { records, sealedRecords } from './records.ts'
import { envelopes, proofs, released } from './release.ts'
import { drafts, renewals } from './renewals.ts'
import { lineages, storage } from './storage.ts'
import { personal, pieces, signedObjects } from './stored.ts'
import { written } from './written.ts'

/** Targets of one kind, and how many inputs each has. */
export type Group = { readonly of: () => Promise<Readonly<Record<string, Driven>>>; readonly count: number }

/** What costs a millisecond and more an input has the full count in the long run only. */
const slow = long ? full : 500
const slowest = long ? full : 100
/** Every parser of foreign bytes that is driven. */
export const groups: Readonly<Record<string, Group>> = {
  encodings: { of: async () => encodings, count: full },
  'signed objects': { of: signedObjects, count: slow },
  'lists, shares and paths': { of: pieces, count: full },
  'what a person shows or keeps': { of: personal, count: slow },
  'what key nodes say': { of: async () => released, count: full },
  proofs: { of: async () => proofs, count: slow },
  envelopes: { of: envelopes, count: slowest },
  renewals: { of: renewals, count: slow },
  'drafted placements': { of: drafts, count: slow },
  'signed messages, tickets and networks': { of: async () => messages, count: full },
  signatures: { of: async () => signatures, count: slow },
  'what people hand each other': { of: async () => handed, count: slow },
  'what people write': { of: async () => written(), count: slow },
  'FHIR records': { of: async () => records, count: full },
  'sealed records': { of: sealedRecords, count: slow },
  files: { of: files, count: slow },
  'fault files': { of: faultFiles, count: slow },
  'answers of nodes': { of: async () => answers, count: full },
  'answers of storage nodes': { of: async () => storage, count: slow },
  'renewed manifests': { of: lineages, count: slowest },
}
