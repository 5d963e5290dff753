import { type Hex, toHex } from '@sharewell/sdk/bytes'
import { purposes, registerOrganization, withAccount } from '@sharewell/sdk/chain'
import { keyNodesOf, listCapsules, readPass } from '@sharewell/sdk/flow/key-nodes'
import { expect } from 'chai'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { register, sendCategoryKey } from '../../scripts/network/deposits.ts'
import { accountOf } from '../../scripts/network/parties.ts'
import { demoPatients } from '../../scripts/network/people.ts'
import type { State } from '../../scripts/network/state.ts'
import { startCommittee } from '../helpers/committee.ts'
import { randomHex } from '../helpers/ids.ts'
import { startNetwork, type TestNetwork } from '../helpers/network.ts'

describe('the first start of the local network', function () {
  this.timeout(120_000)
  let net: TestNetwork
  let key: Hex
  let id: Hex
  let committee: Awaited<ReturnType<typeof startCommittee>>
  before(async () => {
    net = await startNetwork()
    ;[id, key] = [randomHex(16), generatePrivateKey()]
    const { address: account } = privateKeyToAccount(key)
    await registerOrganization(await net.as(net.admin), { id, kind: 'hospital', account, directoryHash: randomHex(32) })
    committee = await startCommittee(net, { h: 3, k: 2 })
  })
  after(async () => {
    await committee?.close()
    await net?.close()
  })

  it('sends a patient the key of the categories once, also where it ended between registering and sending', async () => {
    const { networkId } = net.network
    const chain = await net.as(privateKeyToAccount(key))
    const state: State = { networkId, ports: {}, keys: { 'hospital-1': key }, ids: { 'hospital-1': id } }
    const [patient] = demoPatients(state)
    const place = patient?.places.get(patient.hospital)
    if (!patient || !place) throw new Error('The demo has no patient.')
    const { signal } = new AbortController()
    const keyNodes = await keyNodesOf(chain)
    const own = withAccount(chain, accountOf(state, `${patient.id}-1`))
    const pass = await readPass(own, { pseudonym: toHex(place.pseudonym), purpose: purposes.indexOf('PATRQT') })
    const waiting = async () => (await listCapsules(keyNodes, { pass, networkId })).map(({ purpose }) => purpose)

    await register(chain, state, patient)
    expect(await waiting()).to.deep.equal([])
    // The next start.
    for (let start = 0; start < 2; start++) {
      await sendCategoryKey(chain, state, patient, { keyNodes, signal })
      expect(await waiting()).to.deep.equal(['category key'])
    }
  })
})
