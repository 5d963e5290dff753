import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { toHex } from '@sharewell/sdk/bytes'
import {
  bookLeaf,
  checkpointBytes,
  publishCheckpoint,
  readBook,
  releaseRequestsOf,
  releasesOf,
  signMessage,
} from '@sharewell/sdk/chain'
import { receiptToJson } from '@sharewell/sdk/flow/book'
import { root } from '@sharewell/sdk/merkle'
import { expect } from 'chai'
import { patientReadFaults, structureFaults } from '../helpers/audit-event.ts'
import { altersOpenings } from '../helpers/flow-liars.ts'
import { frostKeys, signTogether } from '../helpers/frost-keys.ts'
import { randomHex } from '../helpers/ids.ts'
import { signRequest } from '../helpers/requests.ts'
import { startWholeNetwork, type WholeNetwork, type WholeNode } from '../helpers/whole-network.ts'
import { equip } from './equip.ts'
import { follow, openSession, transcriptsIn } from './transcript.ts'

const transcripts = await transcriptsIn('disclosures')

describe('sharewell disclosures', function () {
  this.timeout(600_000)
  let whole: WholeNetwork

  before(async () => {
    // Both key nodes release, so that it is known which did.
    whole = await startWholeNetwork({ storage: 5, keys: 2, k: 2, workers: 1 })
  })
  after(async () => await whole?.close())

  for (const { name, file } of transcripts) {
    it(`follows the session ${name}`, async () => {
      const session = await openSession(
        { SHAREWELL_NETWORK: 'network.json', SHAREWELL_STATE: 'state' },
        { settled, hide, heal, audit, checkpoint, secret },
      )
      const put = (name: string, content: string) =>
        writeFile(path.join(session.folder, name), content, { mode: 0o600 })
      /** Signs everything until now with a key of the test's own, which the transcript trusts. */
      async function checkpoint() {
        const members = await frostKeys({ k: 2, h: 2 })
        const groupKey = toHex(members[0]?.groupKey ?? new Uint8Array())
        const chain = await nodeChain()
        const { id: book, events, block } = await readBook(chain)
        const said = { book, time: block.time, size: events.length, root: toHex(root(events.map(bookLeaf))) }
        const signature = toHex(signTogether(members, checkpointBytes(said)))
        await publishCheckpoint(chain, { ...said, groupKey, signature })
        await put('key', groupKey)
      }
      /** What a node signed for a request of long ago that nobody had logged. */
      async function secret() {
        const asked = {
          recordId: randomHex(32),
          manifestHash: randomHex(32),
          ctHash: randomHex(32),
          headerHash: randomHex(32),
        }
        const change = { notAfter: Math.floor(Date.now() / 1000) - 7_200 }
        const about = { doctor: whole.doctor, pseudonym: whole.patient.pseudonym, record: asked }
        const { request, requestHash } = await signRequest(whole.net.network, about, { change, log: false })
        const hashes = { X_i: randomHex(32), Yr: randomHex(32), partialHash: randomHex(32) }
        const message = { requestHash, ctHash: request.ctHash, keyEpoch: 1, i: 1, ...hashes }
        const signature = await signMessage(await nodeChain(), 'Partial', message)
        const operator = whole.keys[0]?.operator ?? '0x'
        const receipts = [receiptToJson({ operator, request, message, signature })]
        await put('secret.json', JSON.stringify({ networkId: whole.net.network.networkId, receipts }))
      }
      async function audit(name = '') {
        const bundle = JSON.parse(await readFile(path.join(session.folder, name), 'utf8')) as Bundle
        expect(bundle.entry).to.have.length(1)
        for (const { resource } of bundle.entry)
          expect([...structureFaults(resource), ...patientReadFaults(resource)]).to.deep.equal([])
      }
      try {
        await equip(session, whole)
        await put('hospital.key', whole.hospital.account.key ?? '')
        await follow(file, session)
      } finally {
        await heal()
        await session.close()
      }
    })
  }

  type Bundle = { readonly entry: readonly { readonly resource: Record<string, unknown> }[] }

  /** Waits until both nodes wrote what they released. */
  async function settled(): Promise<void> {
    const { chain } = whole.hospital
    const end = Date.now() + 30_000
    const done = async () =>
      (await releasesOf(chain, {})).length === whole.keys.length * (await releaseRequestsOf(chain, {})).length
    while (!(await done())) {
      if (Date.now() > end) throw new Error('a node never wrote that it released')
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  const nodeChain = async () => await whole.net.as((whole.keys[0] as WholeNode).account)
  async function hide(): Promise<void> {
    await whole.keys[0]?.start(altersOpenings(() => []))
  }
  async function heal(): Promise<void> {
    for (const node of whole.keys) await node.heal()
  }
})
