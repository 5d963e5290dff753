import type { Config } from '@sharewell/key-node/main'
import { type Bytes, fromBase64url, fromHex, type Hex, toBase64url, toHex } from '@sharewell/sdk/bytes'
import { activeEpoch, hashMessage, parseMessage, signerOf, typedData } from '@sharewell/sdk/chain'
import type { Fault } from '@sharewell/sdk/flow'
import { randomBytes } from '@sharewell/sdk/primitives'
import {
  decodePartial,
  partial,
  partialHash,
  sealAnswer,
  secondKeyOf,
  secondShareHash,
  unwrapW1,
} from '@sharewell/sdk/release'
import { expect } from 'chai'
import { watch } from '../../../sdk/src/flow/progress.ts'
import { describeRecord } from '../../../sdk/src/flow/unlock.ts'
import { knownRecord } from '../../helpers/described.ts'
import { behind } from '../../helpers/flow-liars.ts'
import { type Host, hostHere, type Lies } from '../../helpers/hosts.ts'
import { byDoctor, byPatient, depositBytes, failureOf, open, permit, someBytes } from '../../helpers/journeys.ts'
import { stolenShare } from '../../helpers/stolen-shares.ts'
import { startWholeNetwork, type WholeNetwork, type WholeNode } from '../../helpers/whole-network.ts'

describe('a record that is to stay closed to a later quantum computer', function () {
  this.timeout(120_000)
  const bytes = someBytes(3_000)
  const configs: Config[] = []
  let whole: WholeNetwork
  let recordId: Hex

  before(async () => {
    const host: Host = async (service, lies) => {
      if (service.kind === 'key-node') configs.push(service.config)
      return await hostHere(service, lies)
    }
    whole = await startWholeNetwork({ storage: 5, workers: 1, host })
    recordId = (await depositBytes(whole, bytes, { postQuantum: true })).recordId
    await permit(whole, recordId)
  })
  after(() => whole.close())
  afterEach(async () => {
    for (const node of whole.keys) await node.heal()
  })

  const described = () => describeRecord(byPatient(whole.patient, recordId), { tell: watch() })

  it('opens for the doctor with two keys from three nodes, and for the patient with neither', async () => {
    expect((await open(byDoctor(whole.doctor, recordId))).bytes).to.deep.equal(bytes)
    expect((await open(byPatient(whole.patient, recordId))).bytes).to.deep.equal(bytes)
    const { header } = await described()
    expect(header.suite).to.equal('xw-tdh2r255-pq/1')
    expect(secondKeyOf(header)?.pq.shares).to.have.length(5)
  })

  it('stays closed to who breaks discrete logarithms: the key of TDH2 alone is none', async () => {
    const { header } = await described()
    for (const second of [undefined, randomBytes(32)]) {
      const error = await unwrapW1(header, randomBytes(32), second).catch((thrown: { code: string }) => thrown.code)
      expect(error).to.equal('WRAP')
    }
  })

  it('opens while two of the five nodes are away, and not with two alone', async () => {
    for (const node of whole.keys.slice(0, 2)) await node.stop()
    expect((await open(byDoctor(whole.doctor, recordId))).bytes).to.deep.equal(bytes)
    await whole.keys[2]?.stop()
    expect(await failureOf(byDoctor(whole.doctor, recordId))).to.include({ code: 'QUORUM' })
  })

  it('is not deposited while fewer than four of five can be dealt a share', async () => {
    await whole.keys[0]?.stop()
    const other = (await depositBytes(whole, bytes, { postQuantum: true })).recordId
    expect((await open(byPatient(whole.patient, other))).bytes).to.deep.equal(bytes)
    await whole.keys[1]?.stop()
    const refused = await depositBytes(whole, bytes, { postQuantum: true }).catch((error: unknown) => error)
    expect(refused).to.include({ code: 'KEY_NODES' })
  })

  it('names a node that gives another share, with its signature as evidence, and opens without it', async () => {
    const [liar] = whole.keys as [WholeNode]
    await liar.start(await givesAnotherShare(liar))
    const faults = await untilBlamed()
    expect(faults.map(({ operator, role, code }) => `${role} ${operator} ${code}`)).to.deep.equal([
      `key ${liar.operator} INVALID_SECOND_SHARE`,
    ])
    const evidence = faults[0]?.evidence
    if (!evidence || 'kind' in evidence || !evidence.secondHash) throw new Error('no evidence')
    // Anyone who has the header can tell: the node signed a hash that is not the one committed to.
    const { message, secondHash } = evidence
    expect((await signerOf(whole.net.network, { kind: 'Partial', ...evidence })).toLowerCase()).to.equal(
      liar.account.address.toLowerCase(),
    )
    const signed = partialHash(decodePartial(fromHex(evidence.partial)), fromHex(secondHash, 32))
    expect(toHex(signed)).to.equal(message.partialHash)
    const commits = secondKeyOf((await described()).header)?.pq.shares.map(({ commit }) => toHex(commit))
    expect(commits).to.not.include(secondHash)
  })

  it('opens too where the committee came to need fewer nodes than its second key was dealt for', async () => {
    await whole.reshare(2)
    expect((await open(byDoctor(whole.doctor, recordId))).bytes).to.deep.equal(bytes)
  })

  /** Nodes are asked in random order: opens again until somebody was blamed, and always every byte. */
  async function untilBlamed(): Promise<readonly Fault[]> {
    for (let tries = 0; tries < 40; tries++) {
      const opened = await open(byDoctor(whole.doctor, recordId))
      expect(opened.bytes).to.deep.equal(bytes)
      if (opened.faults.length > 0) return opened.faults
    }
    throw new Error('nobody was blamed')
  }

  /** A true partial, and beside it a share that nobody dealt. */
  async function givesAnotherShare({ account, folder }: WholeNode): Promise<Lies> {
    const { net, patient } = whole
    const epoch = await activeEpoch(patient.chain)
    const config = configs.find((one) => one.folder === folder)
    if (!epoch || !config) throw new Error('no epoch')
    const own = await stolenShare(config, epoch)
    const { ct, ctHash } = await knownRecord(patient, recordId)
    return {
      key: (honest) =>
        behind(honest, async (path, ask, text) => {
          if (path !== '/v1/release') return await ask()
          const { request: json, reader } = JSON.parse(text) as {
            request: unknown
            reader: { Yr: Hex; hpkePublicKey: string }
          }
          const request = parseMessage('KeyRequest', json)
          const requestHash = hashMessage(net.network, 'KeyRequest', request)
          const ids = { networkId: fromHex(net.network.networkId, 32), requestHash: fromHex(requestHash, 32) }
          const made = partial(own, { ...ids, ct, Yr: fromHex(reader.Yr, 32) })
          const second = { salt: randomBytes(32), share: randomBytes(32) }
          const message = {
            requestHash,
            ctHash,
            keyEpoch: own.keyEpoch,
            i: own.i,
            X_i: epoch.verifyingShares[own.i - 1] as Hex,
            Yr: reader.Yr,
            partialHash: toHex(partialHash(made, secondShareHash(second))),
          }
          const signature: Bytes = fromHex(await account.signTypedData(typedData(net.network, 'Partial', message)), 65)
          const to = { requestHash: ids.requestHash, hpkePublicKey: fromBase64url(reader.hpkePublicKey) }
          const sealed = await sealAnswer({ partial: made, signature, second }, to)
          return Response.json({ keyEpoch: 1, i: own.i, enc: toBase64url(sealed.enc), ct: toBase64url(sealed.ct) })
        }),
    }
  }
})
