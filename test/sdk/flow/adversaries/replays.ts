import { type Hex, toHex } from '@sharewell/sdk/bytes'
import { createReplyKey, hashMessage, personId, revoke } from '@sharewell/sdk/chain'
import { createReaderKey, readerProof } from '@sharewell/sdk/release'
import { expect } from 'chai'
import { asJson } from '../../../helpers/as-json.ts'
import { type KnownRecord, knownRecord } from '../../../helpers/described.ts'
import { now, randomHex } from '../../../helpers/ids.ts'
import { depositBytes, operatorsOf, permit, someBytes, treat } from '../../../helpers/journeys.ts'
import {
  askEverybody,
  askKeyNode,
  askStorage,
  askWorker,
  claimStorage,
  freshPass,
  type RebuildCall,
  readStorage,
  rebuildCall,
} from '../../../helpers/outsider.ts'
import { passOf } from '../../../helpers/passes.ts'
import { type RequestOptions, type SignedRequest, signRequest } from '../../../helpers/requests.ts'
import type { WholeDoctor, WholeNetwork, WholeNode } from '../../../helpers/whole-network.ts'

/** A signed request opens what it names, to whom it names, once: replayed or altered it is worth nothing. */
export function replayAdversaries(whole: () => WholeNetwork): void {
  describe('who replay or alter requests', () => {
    let recordId: Hex
    let known: KnownRecord
    let doctor: WholeDoctor
    let thief: WholeDoctor
    let key: WholeNode
    let worker: WholeNode
    let holder: WholeNode
    before(async () => {
      const operators = operatorsOf(whole().storage.slice(0, 5))
      recordId = (await depositBytes(whole(), someBytes(1_000), { operators })).recordId
      known = await knownRecord(whole().patient, recordId)
      doctor = await whole().newDoctor()
      thief = await whole().newDoctor()
      await permit({ patient: whole().patient, doctor }, recordId)
      ;[key] = whole().keys as [WholeNode]
      ;[worker] = whole().workers as [WholeNode]
      ;[holder] = whole().storage as [WholeNode]
    })

    const request = (options?: RequestOptions): Promise<SignedRequest> =>
      signRequest(whole().net.network, { doctor, pseudonym: whole().patient.pseudonym, record: known }, options)

    it('a key node answers a repeated request with the very same bytes, and nothing new', async () => {
      const { body } = await request()
      const ask = async () => {
        const answer = await fetch(`${key.url}/v1/release`, {
          method: 'POST',
          headers: asJson,
          body: JSON.stringify(body),
        })
        return await answer.text()
      }
      expect(await ask()).to.equal(await ask())
    })

    it('a thief who replays it for a key of their own is refused: BAD_READER_KEY', async () => {
      const { body, requestHash } = await request()
      const own = createReaderKey()
      const reader = {
        ...body.reader,
        Yr: toHex(own.Yr),
        pok: toHex(readerProof(own, Buffer.from(requestHash.slice(2), 'hex'))),
      }
      expect(await askKeyNode(key, { ...body, reader })).to.include({ code: 'BAD_READER_KEY' })
    })

    it('an altered field breaks the signature: BAD_SIGNATURE', async () => {
      const { body } = await request()
      const altered = { purpose: 2, salt: randomHex(32), notAfter: now() + 100, credentialId: thief.credential }
      for (const [field, value] of Object.entries(altered)) {
        const answer = await askKeyNode(key, { ...body, request: { ...body.request, [field]: value } })
        expect(answer, field).to.include({ code: 'BAD_SIGNATURE' })
      }
    })

    it('one signed by another than the reader it names: BAD_SIGNATURE', async () => {
      const { body } = await request({ signer: thief.chain })
      expect(await askKeyNode(key, body)).to.include({ code: 'BAD_SIGNATURE' })
    })

    it("one in the thief's own name, with the doctor's affiliation or the doctor's consent, is refused", async () => {
      const pseudonym = whole().patient.pseudonym
      const mine = { doctor: thief, pseudonym, record: known }
      const { body } = await signRequest(whole().net.network, mine, { change: { credentialId: doctor.credential } })
      expect(await askKeyNode(key, body)).to.include({ code: 'NO_CONSENT' })
    })

    it('one that was never logged, or ran out, or runs too long', async () => {
      expect(await askKeyNode(key, (await request({ log: false })).body)).to.include({ code: 'NOT_LOGGED' })
      const late = await request({ change: { notAfter: now() - 120 } })
      expect(await askKeyNode(key, late.body)).to.include({ code: 'REQUEST_EXPIRED' })
      const long = await request({ change: { notAfter: now() + 3_600 } })
      expect(await askKeyNode(key, long.body)).to.include({ code: 'REQUEST_TOO_LONG' })
    })

    it('a reconstructor serves a request once: REPLAY', async () => {
      const call = await rebuildCall(doctor, known, await request())
      expect(await askWorker(worker, call)).to.include({ status: 200 })
      expect(await askWorker(worker, call)).to.include({ status: 409, code: 'REPLAY' })
    })

    it('an altered request to rebuild is refused, whichever field, under the old key and under a new one', async () => {
      const call = await rebuildCall(doctor, known, await request())
      const fields = { count: 2, first: 1, nonce: randomHex(32), notAfter: now() + 100 }
      for (const [field, value] of Object.entries(fields)) {
        const altered: RebuildCall = { ...call, request: { ...call.request, [field]: value } }
        const refusal = { status: 401, code: 'TICKET_POSSESSION' }
        expect(await askWorker(worker, altered), field).to.include(refusal)
        expect(await claimStorage(holder, cidOf(known), altered), field).to.include(refusal)
        const own = createReplyKey(thief.chain)
        const message = { ...altered.request, replyKeyHash: own.hash }
        const prove = (node: Hex) => own.prove(hashMessage(thief.chain.network, 'RebuildRequest', message), node)
        const taken: RebuildCall = { ...altered, request: message, prove }
        expect(await askWorker(worker, taken), field).to.include({ status: 403, code: 'REBUILD_REFUSED' })
        expect((await claimStorage(holder, cidOf(known), taken)).status, field).to.equal(403)
      }
    })

    it("a thief who signs under the doctor's release request is refused: OTHER_REQUEST", async () => {
      const call = await rebuildCall(thief, known, await request())
      const { status, detail } = await askWorker(worker, call)
      expect(status).to.equal(403)
      expect(detail).to.include('OTHER_REQUEST')
      expect(await claimStorage(holder, cidOf(known), call)).to.include({ status: 403 })
    })

    it('nor without one: only the patient needs none', async () => {
      const none: Hex = `0x${'00'.repeat(32)}`
      const call = await rebuildCall(doctor, known, await request(), { releaseRequest: none })
      expect((await askWorker(worker, call)).detail).to.include('NOT_CONTROLLER')
    })

    it('a ticket that ran out, or one that another signed, reads nothing', async () => {
      const { pseudonym } = whole().patient
      const honest = await freshPass(doctor, pseudonym, treat)
      expect(await readStorage(holder, cidOf(known), honest)).to.include({ status: 200 })
      const forged = await passOf(thief.chain, { pseudonym, reader: doctor.account.address })
      const over = await passOf(doctor.chain, { pseudonym, notAfter: now() - 1 })
      for (const pass of [forged, over])
        expect(await readStorage(holder, cidOf(known), pass)).to.include({ status: 401, code: 'TICKET' })
      expect(await askStorage(holder, cidOf(known), '')).to.include({ status: 401, code: 'TICKET' })
    })

    it('after a revocation the same request, once answered, is refused by everybody', async () => {
      const signed = await request()
      expect(await askEverybody(whole(), known, doctor, signed)).to.deep.equal(Array(10).fill('SUCCESS'))
      const { pseudonym, chain } = whole().patient
      await revoke(chain, { pseudonym, granteeId: personId(doctor.account.address), recordId })
      expect(await askEverybody(whole(), known, doctor, signed)).to.deep.equal(Array(10).fill('REVOKED'))
    })
  })
}

const cidOf = ({ shares }: KnownRecord): string => shares[0]?.[0] ?? ''
