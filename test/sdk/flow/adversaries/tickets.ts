import { type Bytes, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { encodeTicket, type Message, parseTicket, signMessage } from '@sharewell/sdk/chain'
import { sha256 } from '@sharewell/sdk/primitives'
import { cidOfBlock } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { type KnownRecord, knownRecord } from '../../../helpers/described.ts'
import { cidOfHash, keepsTickets } from '../../../helpers/flow-liars.ts'
import { now } from '../../../helpers/ids.ts'
import { depositBytes, laterClock, operatorsOf, passTime, someBytes } from '../../../helpers/journeys.ts'
import type { WholeNetwork, WholeNode } from '../../../helpers/whole-network.ts'

/** A ticket to write is for one record, the nodes it names, so many bytes and ten minutes. */
export function ticketAdversaries(whole: () => WholeNetwork): void {
  describe('who steal a ticket to write', () => {
    let nodes: readonly WholeNode[]
    let first: WholeNode
    let stolen: string
    let other: KnownRecord
    before(async () => {
      nodes = whole().storage.slice(0, 5)
      ;[first] = nodes as [WholeNode]
      const seen: string[] = []
      await first.start(keepsTickets(seen))
      const operators = operatorsOf(nodes)
      await depositBytes(whole(), someBytes(100), { operators })
      await first.heal()
      stolen = seen.find((header) => kindOf(header) === 'WriteTicket') ?? ''
      other = await knownRecord(whole().patient, (await depositBytes(whole(), someBytes(100), { operators })).recordId)
    })

    const put = async ({ url }: WholeNode, authorization: string, body: Bytes = someBytes(10)) => {
      const cid = await cidOfBlock(body)
      const answer = await fetch(`${url}/v1/blocks/${cid}`, { method: 'PUT', body, headers: { authorization } })
      return answer.ok ? `${answer.status}` : await problem(answer)
    }
    const altered = (change: Partial<Message<'WriteTicket'>>, operators?: readonly Hex[]): string => {
      const { message, extra, ...ticket } = parseTicket(stolen, ['WriteTicket'])
      return encodeTicket({
        ...ticket,
        message: { ...message, ...change },
        extra: { ...extra, ...(operators && { operators }) },
      })
    }

    it('can still write that record while it lasts, which harms nobody: blocks count only once acknowledged', async () => {
      expect(await put(first, stolen)).to.equal('201')
    })

    it('get no acknowledgement of another record', async () => {
      const ask = { manifest: cidOfHash(other.manifestHash), placement: cidOfHash(other.placementHash), index: 0 }
      const init = {
        method: 'POST',
        body: JSON.stringify(ask),
        headers: { authorization: stolen, 'content-type': 'application/json' },
      }
      const answer = await fetch(`${first.url}/v1/acknowledge`, init)
      expect(await problem(answer)).to.equal('400 MANIFEST')
    })

    it('cannot put another record, more bytes or a later time into it', async () => {
      for (const change of [{ recordId: other.recordId }, { maxBytes: 2n ** 50n }, { notAfter: now() + 800 }])
        expect(await put(first, altered(change))).to.equal('403 FORBIDDEN')
    })

    it('cannot take it to a node that it does not name, nor rename the nodes', async () => {
      const elsewhere = whole().storage[5] as WholeNode
      expect(await put(elsewhere, stolen)).to.equal('403 FORBIDDEN')
      const operators = [...operatorsOf(nodes), elsewhere.operator]
      expect(await put(elsewhere, altered({}, operators))).to.equal('403 FORBIDDEN')
      const operatorsHash = toHex(sha256(Buffer.concat(operators.map((id) => fromHex(id, 16)))))
      expect(await put(elsewhere, altered({ operatorsHash }, operators))).to.equal('403 FORBIDDEN')
    })

    it('cannot read with it', async () => {
      const [share = ''] = other.shares[0] ?? []
      const answer = await fetch(`${first.url}/ipfs/${share}?format=raw`, { headers: { authorization: stolen } })
      expect(await problem(answer)).to.equal('401 TICKET')
    })

    it('cannot write more than it allows, nor after its time', async () => {
      const { message, extra } = parseTicket(stolen, ['WriteTicket'])
      const notAfter = (await laterClock(whole())) + 20
      const short = { ...message, recordId: toHex(sha256(someBytes(32))), maxBytes: 1_000n, notAfter }
      const signature = await signMessage(whole().uploader, 'WriteTicket', short)
      const header = encodeTicket({ kind: 'WriteTicket', message: short, signature, ...(extra && { extra }) })
      expect(await put(first, header, someBytes(900))).to.equal('201')
      expect(await put(first, header, someBytes(900))).to.equal('413 QUOTA')
      // Another node has not seen it yet.
      await passTime(whole(), notAfter)
      expect(await put(nodes[1] as WholeNode, header)).to.equal('401 TICKET')
    })
  })
}

async function problem(answer: Response): Promise<string> {
  const { code } = (await answer.json()) as { code: string }
  return `${answer.status} ${code}`
}

function kindOf(header: string): string {
  const json = Buffer.from(header.split(' ')[1] ?? '', 'base64url').toString()
  return (JSON.parse(json || '{}') as { kind?: string }).kind ?? ''
}
