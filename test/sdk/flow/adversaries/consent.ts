import type { Hex } from '@sharewell/sdk/bytes'
import { denyPerson, erase, grant, personId, revoke, revokeAll } from '@sharewell/sdk/chain'
import { expect } from 'chai'
import { type KnownRecord, knownRecord } from '../../../helpers/described.ts'
import { now } from '../../../helpers/ids.ts'
import {
  byDoctor,
  byPatient,
  depositBytes,
  failureOf,
  laterClock,
  open,
  operatorsOf,
  passTime,
  permit,
  someBytes,
  treat,
} from '../../../helpers/journeys.ts'
import { askEverybody, askHeader, askWorker, freshPass, readStorage, rebuildCall } from '../../../helpers/outsider.ts'
import { signRequest } from '../../../helpers/requests.ts'
import type { WholeDoctor, WholeNetwork, WholeNode } from '../../../helpers/whole-network.ts'

const research = 5

/** Without a consent that covers reader, record, purpose and time, nobody gives anything: not our client, and, asked past
 * it, no key node, reconstructor or storage node. */
export function consentAdversaries(whole: () => WholeNetwork): void {
  describe('who have no consent for it', () => {
    const bytes = someBytes(1_000)
    let recordId: Hex
    let known: KnownRecord
    before(async () => {
      const operators = operatorsOf(whole().storage.slice(0, 5))
      recordId = (await depositBytes(whole(), bytes, { operators })).recordId
      known = await knownRecord(whole().patient, recordId)
    })

    const scope = (doctor: WholeDoctor) => {
      const { pseudonym } = whole().patient
      return { pseudonym, granteeId: personId(doctor.account.address), recordId }
    }
    const permitted = async (change?: Parameters<typeof permit>[2]) => {
      const doctor = await whole().newDoctor()
      await permit({ patient: whole().patient, doctor }, recordId, change)
      return doctor
    }

    const cases: readonly [string, string, () => Promise<WholeDoctor>, number?][] = [
      ['another reader than the patient named', 'NO_CONSENT', () => whole().newDoctor()],
      ['another purpose than the patient named', 'WRONG_PURPOSE', () => permitted(), research],
      ['too early', 'NOT_YET_VALID', () => permitted({ from: now() + 3_000, until: now() + 6_000 })],
      [
        'too late',
        'EXPIRED',
        async () => {
          const until = (await laterClock(whole())) + 20
          const doctor = await permitted({ until })
          await passTime(whole(), until)
          return doctor
        },
      ],
      [
        'after the patient revoked',
        'REVOKED',
        async () => {
          const doctor = await permitted()
          await revoke(whole().patient.chain, scope(doctor))
          return doctor
        },
      ],
      [
        'whom the patient denied',
        'DENIED',
        async () => {
          const doctor = await permitted()
          await denyPerson(whole().patient.chain, { ...scope(doctor), account: doctor.account.address })
          return doctor
        },
      ],
      [
        'after the patient stopped sharing with them altogether',
        'REVOKED',
        async () => {
          const doctor = await permitted()
          await whole().net.increaseTime(1)
          await revokeAll(whole().patient.chain, {
            pseudonym: whole().patient.pseudonym,
            granteeId: scope(doctor).granteeId,
          })
          return doctor
        },
      ],
    ]
    for (const [name, reason, prepare, purpose = treat] of cases)
      it(`${name}: ${reason}, by our client and, past it, by every service`, async () => {
        const doctor = await prepare()
        const error = await failureOf(byDoctor(doctor, recordId, purpose))
        expect(error).to.include({ name: 'ConsentRefusedError', code: 'CONSENT_REFUSED', reason })
        const { pseudonym } = whole().patient
        const signed = await signRequest(
          whole().net.network,
          { doctor, pseudonym, record: known },
          { change: { purpose } },
        )
        expect(await askEverybody(whole(), known, doctor, signed)).to.deep.equal(Array(10).fill(reason))
      })

    it('one who is permitted gets an answer from everybody, so that the refusals above are not mere deafness', async () => {
      const doctor = await permitted()
      const { pseudonym } = whole().patient
      const signed = await signRequest(whole().net.network, { doctor, pseudonym, record: known })
      expect(await askEverybody(whole(), known, doctor, signed)).to.deep.equal(Array(10).fill('SUCCESS'))
    })

    it('a grant for one record opens no other of the same patient', async () => {
      const doctor = await permitted()
      const operators = operatorsOf(whole().storage.slice(0, 5))
      const other = await depositBytes(whole(), bytes, { operators })
      const secret = await knownRecord(whole().patient, other.recordId)
      expect(await failureOf(byDoctor(doctor, other.recordId))).to.include({ reason: 'NO_CONSENT' })
      const { pseudonym } = whole().patient
      const [holder, worker, key] = [whole().storage[0], whole().workers[0], whole().keys[0]] as [
        WholeNode,
        WholeNode,
        WholeNode,
      ]
      const pass = await freshPass(doctor, pseudonym, treat)
      const [share = ''] = secret.shares[0] ?? []
      expect(await readStorage(holder, share, pass)).to.include({ status: 403 })
      expect(await askHeader(key, secret.headerHash, pass)).to.include({ code: 'NO_CONSENT' })
      const signed = await signRequest(whole().net.network, { doctor, pseudonym, record: known })
      expect(await askWorker(worker, await rebuildCall(doctor, secret, signed))).to.include({ status: 403 })
    })

    it('a grant ends the reading at once: what was open a second ago is refused', async () => {
      const doctor = await permitted()
      expect((await open(byDoctor(doctor, recordId))).bytes).to.deep.equal(bytes)
      await revoke(whole().patient.chain, scope(doctor))
      expect(await failureOf(byDoctor(doctor, recordId))).to.include({ reason: 'REVOKED' })
    })

    it("an erased record is nobody's any more, whatever was granted", async () => {
      const operators = operatorsOf(whole().storage.slice(0, 5))
      const erased = (await depositBytes(whole(), bytes, { operators })).recordId
      const secret = await knownRecord(whole().patient, erased)
      const doctor = await whole().newDoctor()
      await permit({ patient: whole().patient, doctor }, erased)
      await erase(whole().patient.chain, { recordId: erased })
      for (const options of [byDoctor(doctor, erased), byPatient(whole().patient, erased)])
        expect(await failureOf(options)).to.include({ code: 'UNKNOWN_RECORD' })
      const { pseudonym } = whole().patient
      const signed = await signRequest(whole().net.network, { doctor, pseudonym, record: secret })
      const reasons = await askEverybody(whole(), secret, doctor, signed)
      expect(['ERASED', 'UNKNOWN_RECORD']).to.include.members(reasons)
    })

    it('nobody but the patient grants', async () => {
      const doctor = await whole().newDoctor()
      const terms = { from: 0, until: now() + 3_000, purposes: 1, categories: 0 }
      for (const chain of [doctor.chain, whole().uploader, whole().hospital.chain]) {
        const error = await grant(chain, { ...scope(doctor), terms }).catch((thrown: unknown) => thrown)
        expect(error).to.include({ code: 'CONTRACT_REFUSAL', reason: 'ConsentNotController' })
      }
    })
  })
}
