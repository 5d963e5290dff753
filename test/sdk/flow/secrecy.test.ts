import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Bytes, fromHex, type Hex, toBase64url, toHex, utf8 } from '@sharewell/sdk/bytes'
import { sealCapsule } from '@sharewell/sdk/envelope'
import { keyNodesOf, putCapsule } from '@sharewell/sdk/flow/key-nodes'
import { randomBytes } from '@sharewell/sdk/primitives'
import {
  bundleFromBytes,
  categoryBit,
  personaFromBytes,
  type RecordContent,
  recordFromPart,
  recordFromPersona,
  splitBundle,
} from '@sharewell/sdk/record'
import { expect } from 'chai'
import { watch } from '../../../sdk/src/flow/progress.ts'
import { describeRecord, unlockRecord } from '../../../sdk/src/flow/unlock.ts'
import { chainBytes } from '../../helpers/chain-bytes.ts'
import { knownRecord } from '../../helpers/described.ts'
import type { Host } from '../../helpers/hosts.ts'
import { randomHex } from '../../helpers/ids.ts'
import { byDoctor, byPatient, depositBytes, open, permit, someBytes } from '../../helpers/journeys.ts'
import { memoryIsReadable, memoryOf } from '../../helpers/memory.ts'
import { askWorker, rebuildCall } from '../../helpers/outsider.ts'
import { type Apart, startApart } from '../../helpers/processes.ts'
import { signRequest } from '../../helpers/requests.ts'
import { createWindowSearch, filesBelow, type Haystack, searchFor, wide } from '../../helpers/search.ts'
import { startWholeNetwork, type WholeNetwork } from '../../helpers/whole-network.ts'

const file = path.join(import.meta.dirname, '../../data/fhir/linette.json')
const note = 'Linette asked me to look at her vaccinations before school.'

describe('what no party learns of a record that travelled', function () {
  this.timeout(300_000)
  let folder: string
  let logs: string
  let nodes: Apart
  let worker: Apart
  let whole: WholeNetwork
  let contents: RecordContent[]
  let search: ReturnType<typeof createWindowSearch>
  let keys: ReturnType<typeof createWindowSearch>
  let names: Record<string, Uint8Array>
  let recordIds: Hex[]
  /** Windows that the processes knew before any of it was deposited: words of programs. */
  const known: Record<string, Set<string>> = {}

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sharewell-apart-'))
    logs = path.join(folder, 'logs')
    ;[nodes, worker] = await Promise.all([startApart(folder, 'nodes'), startApart(folder, 'reconstructor')])
    const host: Host = (service) => (service.kind === 'reconstructor' ? worker : nodes).host(service)
    whole = await startWholeNetwork({ storage: 5, keys: 3, k: 2, workers: 1, host })
    const bundle = bundleFromBytes(new Uint8Array(await readFile(file)))
    const { persona, parts } = splitBundle(bundle)
    const large = parts.map(recordFromPart).filter(({ bytes }) => bytes.length > 10_000)
    contents = [...large, recordFromPersona(persona)]
    const plain = [...contents.map(({ bytes }) => bytes), utf8(note)]
    search = createWindowSearch(plain, { texts: true })

    // Everybody did their work once, with a record of random bytes.
    await travel(someBytes(70_000), 0)
    for (const [name, memory] of [...memories, heapOfWorker]) known[name] = await search.search(await memory())

    const categoryKey = randomBytes(32)
    recordIds = []
    for (const { category, bytes } of contents) recordIds.push(await travel(bytes, categoryBit(categoryKey, category)))
    await leaveNote()
    await open(byPatient(whole.patient, recordIds.at(-1) ?? '0x'))
    keys = createWindowSearch(await keysAsTheyMayLie(categoryKey))
    names = namesAsTheyMayLie()
    expect(Object.keys(names)).to.include('Linette249')
  })
  after(async () => {
    await whole.close()
    await Promise.all([nodes.close(), worker.close()])
    await rm(folder, { recursive: true, force: true })
  })

  /** Deposited, granted, released, rebuilt and opened. */
  async function travel(bytes: Bytes, bit: number): Promise<Hex> {
    const { recordId } = await depositBytes(whole, bytes, { categoryBit: bit, mime: 'application/fhir+json' })
    await permit(whole, recordId)
    const opened = await open(byDoctor(whole.doctor, recordId))
    expect(Buffer.compare(opened.bytes, bytes)).to.equal(0)
    expect(opened.faults).to.deep.equal([])
    return recordId
  }

  async function leaveNote(): Promise<void> {
    const { patient, doctor, net } = whole
    const ids = { networkId: fromHex(net.network.networkId, 32), pseudonym: fromHex(patient.pseudonym, 32) }
    const content = { ...ids, purpose: 'note', publicKey: patient.selfPublicKey, plaintext: utf8(note) } as const
    await putCapsule(await keyNodesOf(doctor.chain), { capsule: await sealCapsule(content, doctor.account) })
  }

  /** What nobody but patient and doctor may have, in every form in which it could lie about. */
  async function keysAsTheyMayLie(categoryKey: Bytes): Promise<Uint8Array[]> {
    const { patient } = whole
    const keys: Uint8Array[] = [patient.vault.seed, patient.selfSeed, categoryKey]
    for (const recordId of recordIds) {
      const options = byPatient(patient, recordId)
      const record = await describeRecord(options, { tell: watch() })
      keys.push((await unlockRecord(record, options, { tell: watch() })).dek)
    }
    return keys.flatMap((key) => [
      key,
      utf8(toHex(key)),
      utf8(toBase64url(key)),
      utf8(Buffer.from(key).toString('base64')),
    ])
  }

  function namesAsTheyMayLie(): Record<string, Uint8Array> {
    const persona = contents.at(-1)
    if (!persona) throw new Error('no persona')
    const forms = namesIn(personaFromBytes(persona.bytes).entries).flatMap((name): [string, Uint8Array][] => [
      [name, utf8(name)],
      [`${name} in UTF-16`, wide(utf8(name))],
    ])
    return Object.fromEntries(forms)
  }

  const memories: readonly Place[] = memoryIsReadable
    ? [
        ['the memory of the reconstructor', () => memoryOf(worker.pid)],
        ['the memory of storage and key nodes', () => memoryOf(nodes.pid)],
      ]
    : []
  const heap = async (): Promise<Haystack> => [Buffer.from((await worker.heapStrings()).join('\n'))]
  const heapOfWorker: Place = ["a snapshot of the reconstructor's heap", heap]
  const places: readonly Place[] = [
    ...[1, 2, 3, 4, 5].map(
      (at): Place => [`the folder of storage node ${at}`, () => filesBelow(path.join(whole.folder, `storage-${at}`))],
    ),
    ...[1, 2, 3].map(
      (at): Place => [`the folder of key node ${at}`, () => filesBelow(path.join(whole.folder, `key-${at}`))],
    ),
    ['the folder of the reconstructor', () => filesBelow(path.join(whole.folder, 'reconstructor-1'))],
    ['every line that services log', () => filesBelow(logs)],
    ['calldata and events of the chain', () => chainBytes(whole.uploader)],
    heapOfWorker,
    ...memories,
  ]

  for (const [name, place] of places)
    it(`no 16 bytes of it, no key and no name is in ${name}`, async () => {
      const haystack: Buffer[] = []
      for await (const piece of await place()) haystack.push(piece)
      // A reconstructor keeps nothing but proofs against nodes that lied.
      expect(haystack.length > 0).to.equal(name !== 'the folder of the reconstructor')
      const found = await search.search(haystack)
      const fresh = [...found].filter((window) => !known[name]?.has(window))
      expect(fresh, 'windows').to.deep.equal([])
      expect([...(await keys.search(haystack))], 'keys').to.deep.equal([])
      expect(await searchFor(names, haystack), 'names').to.deep.equal([])
    })

  it('words that programs know anyway are a fiftieth of it at most', () => {
    expect(search.count).to.be.greaterThan(30_000)
    for (const windows of Object.values(known)) expect(windows.size).to.be.lessThan(search.count / 50)
  })

  describe('and the search would have found it:', () => {
    it('a window planted among others, at any offset', async () => {
      const bytes = utf8(note)
      for (let offset = 0; offset < 16; offset++) {
        const haystack = Buffer.from(someBytes(4_096 + offset))
        const planted = bytes.subarray(20 + offset, 36 + offset)
        haystack.set(planted, 1_000 + offset)
        // No neighbour continues the words by chance: that would be a window more.
        haystack[999 + offset] = ~(bytes[19 + offset] as number)
        haystack[1_016 + offset] = ~(bytes[36 + offset] as number)
        const found = await search.search([haystack])
        expect([...found]).to.deep.equal([Buffer.from(planted).toString('latin1')])
      }
    })

    it('sixteen letters in UTF-16, at any offset', async () => {
      for (let offset = 0; offset < 16; offset++) {
        const haystack = Buffer.from(someBytes(4_096 + offset))
        const planted = wide(utf8(note.slice(offset, offset + 16)))
        haystack.set(planted, 1_000 + offset)
        expect([...(await search.search([haystack]))]).to.include(planted.toString('latin1'))
      }
    })

    it('a line planted in a folder', async () => {
      const planted = path.join(logs, 'planted.log')
      await writeFile(planted, `{"level":30,"msg":"opened ${note}"}\n`)
      expect((await search.search(filesBelow(logs))).size).to.equal(note.length - 15)
      await rm(planted)
    })

    it("a word planted in the reconstructor's heap: the nonce of a request that it remembers", async () => {
      const nonce = randomHex(32)
      const { doctor, patient, net } = whole
      const record = await knownRecord(patient, recordIds[0] ?? '0x')
      const signed = await signRequest(net.network, { doctor, pseudonym: patient.pseudonym, record })
      const [node] = whole.workers
      if (!node) throw new Error('no reconstructor')
      expect(await askWorker(node, await rebuildCall(doctor, record, signed, { nonce }))).to.include({ status: 200 })
      expect(await searchFor({ nonce: utf8(nonce.slice(2)) }, await heap())).to.deep.equal(['nonce'])
      if (!memoryIsReadable) return
      // Strings lie in V8's heap, bytes outside of it.
      const held = { nonce: utf8(nonce.slice(2)), 'content root': record.manifest.contentRoot }
      expect((await searchFor(held, memoryOf(worker.pid))).sort()).to.deep.equal(['content root', 'nonce'])
    })

    it('what the services do log', async () => {
      const said = { rebuilt: utf8('rebuilt'), released: utf8('RELEASED') }
      expect((await searchFor(said, filesBelow(logs))).sort()).to.deep.equal(['rebuilt', 'released'])
    })
  })
})

/** Where is searched, and how to get at it. */
type Place = readonly [string, () => Haystack | Promise<Haystack>]

type Named = { readonly resourceType: string; readonly name?: unknown }

/** Family and given names of the patient and of relatives. */
function namesIn(entries: readonly { readonly resource: Named }[]): string[] {
  const names = entries.flatMap(({ resource }) => (Array.isArray(resource.name) ? resource.name : []))
  const words = names.flatMap(({ family, given }: { family?: string; given?: string[] }) => [family, ...(given ?? [])])
  return [...new Set(words.filter((word) => word !== undefined))]
}
