import { expect } from 'chai'
import { type Driven, full, long } from './drive.ts'
import { answers } from './parsers/answers.ts'
import { encodings } from './parsers/encodings.ts'
import { faultFiles } from './parsers/faults.ts'
import { files } from './parsers/files.ts'
import { handed } from './parsers/handed.ts'
import { messages, signatures } from './parsers/messages.ts'
import { records, sealedRecords } from './parsers/records.ts'
import { envelopes, proofs, released } from './parsers/release.ts'
import { renewals } from './parsers/renewals.ts'
import { lineages, storage } from './parsers/storage.ts'
import { personal, pieces, signedObjects } from './parsers/stored.ts'

type Group = { readonly of: () => Promise<Readonly<Record<string, Driven>>>; readonly count: number }

/** What costs a millisecond and more an input has the full count in the long run only. */
const slow = long ? full : 500
const slowest = long ? full : 100
const groups: Readonly<Record<string, Group>> = {
  encodings: { of: async () => encodings, count: full },
  'signed objects': { of: signedObjects, count: slow },
  'lists, shares and paths': { of: pieces, count: full },
  'what a person shows or keeps': { of: personal, count: slow },
  'what key nodes say': { of: async () => released, count: full },
  proofs: { of: async () => proofs, count: slow },
  envelopes: { of: envelopes, count: slowest },
  renewals: { of: renewals, count: slow },
  'signed messages, tickets and networks': { of: async () => messages, count: full },
  signatures: { of: async () => signatures, count: slow },
  'what people hand each other': { of: async () => handed, count: slow },
  'FHIR records': { of: async () => records, count: full },
  'sealed records': { of: sealedRecords, count: slow },
  files: { of: files, count: slow },
  'fault files': { of: faultFiles, count: slow },
  'answers of nodes': { of: async () => answers, count: full },
  'answers of storage nodes': { of: async () => storage, count: slow },
  'renewed manifests': { of: lineages, count: slowest },
}

describe('a parser of foreign bytes', function () {
  this.timeout(long ? 3_600_000 : 300_000)
  for (const [group, { of, count }] of Object.entries(groups))
    describe(group, () => {
      let targets: Readonly<Record<string, Driven>>
      before(async () => {
        targets = await of()
      })

      it(`brings out typed errors alone, and each that it should: ${count} inputs a parser`, async () => {
        for (const [name, target] of Object.entries(targets)) {
          const { codes } = await target.drive(name, count)
          expect([...codes.keys()], name).to.include.members([...target.codes])
        }
      })

      it('does not get by with a mistake in a parser', async () => {
        for (const [name, target] of Object.entries(targets))
          for (const code of target.codes) {
            const error = await target.driveCareless(name, count, code).catch((thrown: unknown) => thrown)
            expect(error, `${name} ${code}`).to.be.instanceOf(Error)
            expect(String(error)).to.contain('TypeError').and.contain('SHAREWELL_SEED=')
          }
      })
    })
})
