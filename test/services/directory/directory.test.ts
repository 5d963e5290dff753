import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { start } from '@sharewell/directory/main'
import { type Hex, toHex } from '@sharewell/sdk/bytes'
import { registerOrganization } from '@sharewell/sdk/chain'
import { DirectoryError, fetchEntry, listEntries, putEntry, signEntry } from '@sharewell/sdk/flow/directory'
import { randomBytes } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import { openEntryStore } from '../../../services/directory/src/store.ts'
import { newAccount } from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )
const problem = (error: unknown) => (error as { problem?: string }).problem
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

describe('directory', () => {
  const account = newAccount()
  let net: TestNetwork
  let folder: string
  let directory: Awaited<ReturnType<typeof start>>
  let hash: Hex
  let bytes: Uint8Array<ArrayBuffer>

  before(async () => {
    net = await startNetwork()
    folder = await mkdtemp(path.join(tmpdir(), 'sharewell-directory-'))
    directory = await start({ port: 0, folder, network: net.network }, { log: silent })
    const hospital = { resourceType: 'Organization', name: 'Lakeside Hospital' }
    const signed = await signEntry(hospital, { networkId: net.network.networkId, signer: account })
    hash = signed.hash
    bytes = signed.bytes
  })
  after(async () => {
    await directory.close()
    await net.close()
    await rm(folder, { recursive: true, force: true })
  })

  const fetchIt = (urls = [directory.url]) => fetchEntry(urls, { hash, networkId: net.network.networkId })

  it('takes a name only once the registry names its hash', async () => {
    expect(problem(await failure(putEntry([directory.url], bytes)))).to.equal('NOT_LISTED')
    expect(await failure(fetchIt())).to.be.instanceOf(DirectoryError)
    const admin = await net.as(net.admin)
    const id = toHex(randomBytes(16))
    await registerOrganization(admin, { id, kind: 'hospital', account: account.address, directoryHash: hash })
    await putEntry([directory.url], bytes)
    expect(await listEntries(directory.url)).to.deep.equal([hash])
  })

  it('gives the name with who signed it, also where the first directory is down', async () => {
    const entry = await fetchIt(['http://127.0.0.1:9', directory.url])
    expect(entry).to.include({ name: 'Lakeside Hospital', resourceType: 'Organization', hash })
    expect(entry.signer.toLowerCase()).to.equal(account.address.toLowerCase())
  })

  it('refuses bytes under a hash that is not theirs, and what is no signed file', async () => {
    const put = (name: Hex, body: Uint8Array<ArrayBuffer>) =>
      fetch(`${directory.url}/v1/entries/${name}`, { method: 'PUT', body }).then((response) => response.json())
    expect(await put(toHex(randomBytes(32)), bytes)).to.include({ code: 'OTHER_HASH' })
    expect(await put(hash, new Uint8Array([1, 2, 3]))).to.have.property('status', 400)
    const other = new Uint8Array(bytes)
    other[bytes.length - 10] = (other[bytes.length - 10] ?? 0) ^ 1
    expect(await put(hash, other)).to.include({ code: 'SIGNED_OBJECT' })
    expect(await (await fetch(`${directory.url}/v1/entries/nonsense`)).json()).to.include({ code: 'BAD_HASH' })
  })

  it('shows no name whose file was altered on disk', async () => {
    await writeFile(path.join(folder, hash), 'altered')
    expect(await failure(fetchIt())).to.be.instanceOf(DirectoryError)
    await putEntry([directory.url], bytes)
    expect((await fetchIt()).name).to.equal('Lakeside Hospital')
  })

  it('reads a practitioner’s name as people write it', async () => {
    const { networkId } = net.network
    const doctor = { resourceType: 'Practitioner', name: [{ prefix: ['Dr.'], given: ['Maria'], family: 'Ortiz' }] }
    const signed = await signEntry(doctor, { networkId, signer: account })
    expect(signed.hash).to.have.length(66)
    const nameless = { resourceType: 'Practitioner', name: [] }
    expect(await failure(signEntry(nameless, { networkId, signer: account }))).to.be.instanceOf(DirectoryError)
    const patient = { resourceType: 'Patient', name: 'No patient stands in a directory' }
    expect(await failure(signEntry(patient, { networkId, signer: account }))).to.be.instanceOf(DirectoryError)
  })

  it('removes what a kill left aside, and nothing else', async () => {
    const store = path.join(folder, 'kept')
    const other = await openEntryStore(store)
    await other.put(hash, new Uint8Array(bytes))
    await writeFile(path.join(store, `${hash}.${randomUUID()}.tmp`), 'half of it')
    await openEntryStore(store)
    expect(await readdir(store)).to.deep.equal([hash])
  })

  it('says that it is up', async () => {
    expect(await (await fetch(`${directory.url}/healthz`)).text()).to.equal('ok')
    expect(await (await fetch(`${directory.url}/readyz`)).text()).to.equal('ok')
  })
})
