import { cp, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { allVersions, recordOf } from '@sharewell/sdk/chain'
import { type DeletionReport, eraseRecord } from '@sharewell/sdk/flow'
import { type KeyNodesError, keyNodesOf, putHeader, readHeader, readPass } from '@sharewell/sdk/flow/key-nodes'
import { consentCiphertext, ctHash, parseKeyHeader } from '@sharewell/sdk/release'
import { expect } from 'chai'
import { asJson } from '../../helpers/as-json.ts'
import { codeOf } from '../../helpers/code-of.ts'
import { liveFor } from '../../helpers/interrupted.ts'
import {
  byDoctor,
  byPatient,
  depositBytes,
  failureOf,
  open,
  operatorsOf,
  permit,
  someBytes,
  treat,
} from '../../helpers/journeys.ts'
import { filesOf, heldByAll } from '../../helpers/rekeying.ts'
import { type SignedRequest, signRequest } from '../../helpers/requests.ts'
import { startWholeNetwork, type WholeNetwork, type WholeNode, type WholePatient } from '../../helpers/whole-network.ts'

const policy = { n: 3, t: 2, r: 0 } as const
const bytes = someBytes(5_000)

/** Every how many steps a test ends an erasure; KILL_STEP=1 tries each. */
const stride = Number(process.env.KILL_STEP ?? 9)

describe('an erased record', function () {
  this.timeout(900_000)
  let whole: WholeNetwork
  let patient: WholePatient
  before(async () => {
    whole = await startWholeNetwork({ storage: 4, keys: 3, k: 2, workers: 1 })
    patient = whole.patient
  })
  after(() => whole?.close())

  const newRecord = async () => {
    const before = await heldByAll(whole)
    const { recordId } = await depositBytes(whole, bytes, { policy })
    return { recordId, held: [...(await heldByAll(whole))].filter((name) => !before.has(name)) }
  }
  const everyone = () => operatorsOf([...whole.storage, ...whole.keys]).sort()
  const confirmedBy = ({ confirmed }: DeletionReport) => confirmed.map(({ operator }) => operator).sort()

  it('is gone from every disk, with the word of every node', async () => {
    const { recordId, held } = await newRecord()
    await permit(whole, recordId)
    const report = await eraseRecord({ chain: patient.chain, recordId })
    expect(report.missing).to.deep.equal([])
    expect(confirmedBy(report)).to.deep.equal(everyone())
    for (const { message } of report.confirmed) expect(message).to.include({ recordId, version: allVersions })
    const now = await heldByAll(whole)
    expect(held.filter((name) => now.has(name))).to.deep.equal([])
    for (const options of [byDoctor(whole.doctor, recordId), byPatient(patient, recordId)])
      expect((await failureOf(options)).code).to.equal('UNKNOWN_RECORD')
  })

  it('may be erased by the provider itself, and by nobody who only deposits or reads', async () => {
    const { recordId } = await newRecord()
    for (const chain of [whole.uploader, whole.doctor.chain, (await whole.newPatient()).chain])
      expect(await codeOf(eraseRecord({ chain, recordId }))).to.equal('DELETION_REFUSED')
    expect((await open(byPatient(patient, recordId))).bytes).to.deep.equal(bytes)
    expect((await eraseRecord({ chain: whole.hospital.chain, recordId })).missing).to.deep.equal([])
  })

  it('is erased on from any moment, with one transaction', async () => {
    const { recordId: other } = await newRecord()
    const { life } = await liveFor(Number.POSITIVE_INFINITY, ({ signal }) =>
      eraseRecord({ chain: patient.chain, recordId: other, signal }),
    )
    const moments = Array.from({ length: life.steps }, (_, at) => at).filter((at) => at % stride === 0)
    for (const last of moments) {
      const { recordId, held } = await newRecord()
      await liveFor(last, ({ signal }) => eraseRecord({ chain: patient.chain, recordId, signal }))
      const heard = new Set<Hex>()
      const onNode = ({ operator }: { operator: Hex }) => heard.add(operator)
      const report = await eraseRecord({ chain: patient.chain, recordId, onNode })
      expect(report.missing, `${last}`).to.deep.equal([])
      expect([...heard].sort()).to.deep.equal(everyone())
      const now = await heldByAll(whole)
      expect(
        held.filter((name) => now.has(name)),
        `${last}`,
      ).to.deep.equal([])
    }
  })

  it('names the nodes that did not confirm, until all have', async () => {
    const { recordId, held } = await newRecord()
    const silent = [whole.storage[0], whole.keys[0]].flatMap((node) => node ?? [])
    await Promise.all(silent.map((node) => node.stop()))
    const first = await eraseRecord({ chain: patient.chain, recordId }).finally(() =>
      Promise.all(silent.map((node) => node.start())),
    )
    expect(first.missing.map(({ operator }) => operator).sort()).to.deep.equal(operatorsOf(silent).sort())
    const second = await eraseRecord({ chain: patient.chain, recordId })
    expect(second.missing).to.deep.equal([])
    for (const word of first.confirmed) expect(second.confirmed).to.deep.include(word)
    const now = await heldByAll(whole)
    expect(held.filter((name) => now.has(name))).to.deep.equal([])
  })

  it('is refused by key nodes that were restored from backups of the time before', async () => {
    const { recordId } = await newRecord()
    await permit(whole, recordId)
    const { hash, bytes: header, record } = await headerOf(recordId)
    const { doctor } = whole
    const asked = { doctor, pseudonym: patient.pseudonym, record }
    const before = await signRequest(whole.net.network, asked)
    for (const [status] of await askKeyNodes(before)) expect(status).to.equal(200)
    await onFolders((folder) => cp(folder, `${folder}-backup`, { recursive: true }))

    expect((await eraseRecord({ chain: patient.chain, recordId })).missing).to.deep.equal([])
    expect(await codeOf(putHeader(await keyNodesOf(whole.uploader), { header }))).to.equal('KEY_NODES')
    await onFolders(async (folder) => {
      await rm(folder, { recursive: true })
      await rename(`${folder}-backup`, folder)
    })
    // The header is there again, and no node has the record on a list of its own.
    for (const node of whole.keys) expect(await filesOf(node, 'headers')).to.include(hash)
    // An old request, whose answer the backups hold, and a new one that is made and logged now.
    for (const request of [before, await signRequest(whole.net.network, asked)])
      for (const answer of await askKeyNodes(request)) expect(answer).to.deep.equal([410, 'ERASED'])
    // Neither the patient nor a reader is shown the header.
    for (const chain of [patient.chain, doctor.chain]) {
      const pass = await readPass(chain, { pseudonym: patient.pseudonym, purpose: treat })
      const error = await readHeader(await keyNodesOf(chain), { hash, pass }).catch((thrown: unknown) => thrown)
      const { failed } = error as KeyNodesError
      expect(failed.map(({ code }) => code)).to.deep.equal(['ERASED', 'ERASED', 'ERASED'])
    }
  })

  /** While no key node runs. */
  const onFolders = async (work: (folder: string) => Promise<void>) => {
    await Promise.all(whole.keys.map((node) => node.stop()))
    await Promise.all(whole.keys.map(({ folder }) => work(folder)))
    await Promise.all(whole.keys.map((node) => node.start()))
  }

  /** The key header of a record as key nodes keep it, and what a release request names. */
  const headerOf = async (recordId: Hex) => {
    const [node] = whole.keys as [WholeNode]
    const networkId = fromHex(whole.net.network.networkId, 32)
    const anchored = await recordOf(whole.uploader, { recordId })
    for (const hash of (await filesOf(node, 'headers')) as Hex[]) {
      const kept = new Uint8Array(await readFile(path.join(node.folder, 'headers', hash)))
      const { header } = parseKeyHeader(kept, { networkId })
      if (toHex(header.recordId) !== recordId) continue
      const ciphertext = toHex(ctHash(consentCiphertext(header).ct))
      const record = { recordId, manifestHash: anchored?.manifestHash ?? '0x', ctHash: ciphertext, headerHash: hash }
      return { hash, bytes: kept, record }
    }
    throw new Error('No key node keeps its header.')
  }

  const askKeyNodes = async ({ body }: SignedRequest) =>
    await Promise.all(
      whole.keys.map(async ({ url }) => {
        const init = { method: 'POST', body: JSON.stringify(body), headers: asJson }
        const answer = await fetch(`${url}/v1/release`, init)
        return [answer.status, ((await answer.json()) as { code?: string }).code]
      }),
    )
})
