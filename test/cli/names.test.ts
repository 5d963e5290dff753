import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { start } from '@sharewell/directory/main'
import { toHex } from '@sharewell/sdk/bytes'
import { attest, registerOrganization, retract } from '@sharewell/sdk/chain'
import { putEntry, signEntry } from '@sharewell/sdk/flow/directory'
import { randomBytes } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import { createNames } from '../../cli/src/network/names.ts'
import { newAccount } from '../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../helpers/network.ts'

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

describe('names on the command line', () => {
  let net: TestNetwork
  let folder: string
  let directory: Awaited<ReturnType<typeof start>>
  before(async () => {
    net = await startNetwork()
    folder = await mkdtemp(path.join(tmpdir(), 'sharewell-names-'))
    directory = await start({ port: 0, folder, network: net.network }, { log: silent })
  })
  after(async () => {
    await directory.close()
    await net.close()
    await rm(folder, { recursive: true, force: true })
  })

  it("are those that the organization itself signed; who names another one's file stays without a name", async () => {
    const { networkId } = net.network
    const [honest, impostor, doctor, other] = [newAccount(), newAccount(), newAccount(), newAccount()]
    const files = await Promise.all(
      [
        { resourceType: 'Organization', name: 'Lakeside Hospital' },
        { resourceType: 'Practitioner', name: [{ text: 'Dr. Ada Berg' }] },
      ].map((resource) => signEntry(resource, { networkId, signer: honest })),
    )
    const [house, person] = files.map(({ hash }) => hash) as [`0x${string}`, `0x${string}`]
    const admin = await net.as(net.admin)
    const [id, pretender] = [toHex(randomBytes(16)), toHex(randomBytes(16))]
    await registerOrganization(admin, { id, kind: 'hospital', account: honest.address, directoryHash: house })
    await registerOrganization(admin, {
      id: pretender,
      kind: 'hospital',
      account: impostor.address,
      directoryHash: house,
    })
    const terms = { roles: 1, until: Math.floor(Date.now() / 1000) + 3600, directoryHash: person }
    await attest(await net.as(honest), { account: doctor.address, organization: id, ...terms })
    await attest(await net.as(impostor), { account: other.address, organization: pretender, ...terms })
    for (const { bytes } of files) await putEntry([directory.url], bytes)

    const chain = { ...admin, network: { ...net.network, directoryUrls: [directory.url] } }
    const names = createNames(chain, AbortSignal.timeout(10_000))
    expect(await names.organization(id)).to.equal('Lakeside Hospital')
    expect(await names.account(doctor.address)).to.equal('Dr. Ada Berg')
    expect(await names.organization(pretender)).to.equal(undefined)
    expect(await names.account(other.address)).to.equal(undefined)

    await retract(await net.as(honest), { account: doctor.address, organization: id })
    expect(await createNames(chain, AbortSignal.timeout(10_000)).account(doctor.address)).to.equal(undefined)
  })
})
