import {
  createReplyKey,
  encodeTicket,
  type Possession,
  parseTicket,
  purposes,
  ticketToJson,
} from '@sharewell/sdk/chain'
import { readPass } from '@sharewell/sdk/flow/key-nodes'
import { createHttpStore } from '@sharewell/sdk/place'
import { expect } from 'chai'
import { asJson } from '../../../helpers/as-json.ts'
import { type KnownRecord, knownRecord } from '../../../helpers/described.ts'
import { keepsTickets } from '../../../helpers/flow-liars.ts'
import { now } from '../../../helpers/ids.ts'
import { depositBytes, laterClock, operatorsOf, permit, someBytes, treat } from '../../../helpers/journeys.ts'
import {
  askHeader,
  askStorage,
  askWorker,
  claimStorage,
  freshPass,
  type RebuildCall,
  readStorage,
  rebuildCall,
} from '../../../helpers/outsider.ts'
import { passOn } from '../../../helpers/passes.ts'
import { signRequest } from '../../../helpers/requests.ts'
import type { WholeDoctor, WholeNetwork, WholeNode } from '../../../helpers/whole-network.ts'

const refused = { status: 401, code: 'TICKET_POSSESSION' }

/** A reader shows a ticket to one node at a time: a node that keeps what it was shown can show it to nobody. */
export function possessionAdversaries(whole: () => WholeNetwork): void {
  describe('who show on what a reader showed them', () => {
    let known: KnownRecord
    let doctor: WholeDoctor
    let thief: WholeNode
    let other: WholeNode
    let key: WholeNode
    let stolen: readonly string[]
    before(async () => {
      const operators = operatorsOf(whole().storage.slice(0, 5))
      const { recordId } = await depositBytes(whole(), someBytes(1_000), { operators })
      known = await knownRecord(whole().patient, recordId)
      doctor = await whole().newDoctor()
      await permit({ patient: whole().patient, doctor }, recordId)
      ;[thief, other] = whole().storage as [WholeNode, WholeNode]
      ;[key] = whole().keys as [WholeNode]
      const seen: string[] = []
      await thief.start(keepsTickets(seen))
      const { chain, pseudonym } = whole().patient
      for (const pass of [
        await readPass(doctor.chain, { pseudonym, purpose: treat }),
        await readPass(chain, { pseudonym, purpose: purposes.indexOf('PATRQT') }),
      ]) {
        const authorize = async () => encodeTicket(await pass.ticketFor(thief.operator))
        await createHttpStore({ url: thief.url, authorize }).get(known.shares[0]?.[0] ?? '')
      }
      await thief.heal()
      stolen = seen
    })

    const share = () => known.shares[0]?.[1] ?? ''
    const seen = () => stolen.map((header) => parseTicket(header, ['ReadTicket']))
    const network = () => whole().net.network
    const post = async (url: string, body: unknown) => {
      const answer = await fetch(url, { method: 'POST', headers: asJson, body: JSON.stringify(body) })
      return { status: answer.status, code: ((await answer.json()) as { code: string }).code }
    }

    it('a storage node gets no share from another one with the tickets of reader and patient that it saw', async () => {
      expect(new Set(seen().map(({ message }) => message.reader)).size).to.equal(2)
      for (const header of stolen) {
        const { possession: _, ...bare } = parseTicket(header, ['ReadTicket'])
        expect(await askStorage(other, share(), header)).to.include(refused)
        expect(await askStorage(other, share(), encodeTicket(bare))).to.include(refused)
      }
    })

    it('nor a key header, the mail or the list of openings from a key node', async () => {
      for (const ticket of seen()) {
        const body = { hash: known.headerHash, ticket: ticketToJson(ticket) }
        expect(await post(`${key.url}/v1/headers/read`, body)).to.include(refused)
        const { hash: _, ...mail } = body
        expect(await post(`${key.url}/v1/capsules/list`, mail)).to.include(refused)
        expect(await post(`${key.url}/v1/openings/list`, mail)).to.include(refused)
      }
    })

    it('nor does a key node get a share by the ticket that it was shown', async () => {
      const pass = await freshPass(doctor, whole().patient.pseudonym, treat)
      expect(await askHeader(key, known.headerHash, pass)).to.include({ status: 200 })
      expect(await askStorage(other, share(), await pass.headerFor(key.operator))).to.include(refused)
    })

    it('nor does another key prove possession, of this ticket or of one whose key was exchanged', async () => {
      const own = createReplyKey(doctor.chain)
      for (const ticket of seen()) {
        const forged = passOn(doctor.chain, ticket, own)
        expect(await readStorage(other, share(), forged)).to.include(refused)
        const message = { ...ticket.message, replyKeyHash: own.hash }
        const exchanged = passOn(doctor.chain, { ...ticket, message }, own)
        expect(await readStorage(other, share(), exchanged)).to.include({ status: 401, code: 'TICKET' })
      }
    })

    it('nor does a possession of another ticket, one that is over, or one that runs for long', async () => {
      const { pseudonym } = whole().patient
      const [pass, second] = [await freshPass(doctor, pseudonym, treat), await freshPass(doctor, pseudonym, treat)]
      expect(await readStorage(other, share(), pass)).to.include({ status: 200 })
      const swapped = { ...pass.ticket, possession: (await second.ticketFor(other.operator)).possession }
      expect(await askStorage(other, share(), encodeTicket(swapped))).to.include(refused)
      const later = await laterClock(whole())
      for (const time of [later - 300, later + 600]) {
        const own = createReplyKey({ network: network(), clock: () => time })
        const odd = await freshPass(doctor, pseudonym, treat, { key: own })
        expect(await readStorage(other, share(), odd)).to.include(refused)
      }
    })

    it('nor one that cannot be read', async () => {
      const { ticket } = await freshPass(doctor, whole().patient.pseudonym, treat)
      const message = { ticketHash: known.manifestHash, node: other.operator, notAfter: now() + 60 }
      const signature = `0x${'11'.repeat(65)}` as const
      const odd = [
        null,
        7,
        'possession',
        [],
        {},
        { message },
        { message, signature, more: 1 },
        { message: 1, signature },
      ]
      for (const possession of odd as Possession[])
        expect(await askStorage(other, share(), encodeTicket({ ...ticket, possession }))).to.include(refused)
      expect(
        await askStorage(other, share(), encodeTicket({ ...ticket, possession: { message, signature } })),
      ).to.include(refused)
    })

    it('a reconstructor gets nothing from another one, or from a storage node, with the request it was sent', async () => {
      const [worker, second] = whole().workers as [WholeNode, WholeNode]
      const { pseudonym } = whole().patient
      const call = await rebuildCall(doctor, known, await signRequest(network(), { doctor, pseudonym, record: known }))
      const shown = await call.prove(worker.operator)
      const captured: RebuildCall = { ...call, prove: async () => shown }
      expect(await askWorker(second, captured)).to.include(refused)
      expect(await claimStorage(other, share(), captured)).to.include(refused)
      const bare: RebuildCall = { ...call, prove: async () => undefined as never }
      expect(await askWorker(second, bare)).to.include(refused)
      expect(await askWorker(worker, captured)).to.include({ status: 200 })
      expect(await askWorker(second, call), 'the reader itself may go on to the next').to.include({ status: 200 })
    })
  })
}
