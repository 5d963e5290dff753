import { fromHex, toHex } from '@sharewell/sdk/bytes'
import { randomBytes } from '@sharewell/sdk/primitives'
import {
  addParts,
  attestRoot,
  blindRows,
  checkAttested,
  checkRenewed,
  chunkCount,
  drawPairSeed,
  encodeManifest,
  encodeParts,
  type Manifest,
  type Policy,
  pairMask,
  parseManifest,
  planChange,
  RenewError,
  type ShareRoot,
  verifyRenewed,
  verifyShareLeaves,
  xorRows,
} from '@sharewell/sdk/share'
import { signObject } from '@sharewell/sdk/signed'
import { expect } from 'chai'
import { codeOf } from '../../../helpers/code-of.ts'
import { subsets } from '../../../helpers/code-rank.ts'
import { newAccount } from '../../../helpers/parties.ts'
import { upTo } from '../../../helpers/renewals.ts'
import {
  anchoredOf,
  nextOf,
  refreshed,
  renewable,
  rootsOf,
  type Shares,
  shareChunk,
  sharesOf,
  verified,
} from '../../../helpers/renewing.ts'
import type { SealedRecord } from '../../../helpers/sealed-record.ts'

type Bytes = Uint8Array<ArrayBuffer>

const policy = { n: 5, t: 4, r: 2 }

async function changed(record: SealedRecord, to: Policy): Promise<Shares> {
  const contributors = [0, 1, 3, 4]
  const plan = planChange(policy, to, contributors)
  const session = randomBytes(32)
  const seeds = new Map([...subsets(contributors, 2)].map((pair) => [pair.join(), drawPairSeed()]))
  const shares = upTo(to.n).map(() => [] as Bytes[])
  for (const i of record.parts.keys()) {
    const size = { i, rows: 2, length: shareChunk(record, 0, i).length }
    const parts = contributors.map(async (contributor) => {
      const others = contributors.filter((other) => other !== contributor)
      const masks = others.map(async (other) => {
        const seed = seeds.get([contributor, other].sort((a, b) => a - b).join()) as Bytes
        return { with: other, rows: await pairMask({ seed, session }, size) }
      })
      const body = shareChunk(record, contributor, i)
      return encodeParts(plan, blindRows(plan, { contributor, body, masks: await Promise.all(masks) }))
    })
    const all = await Promise.all(parts)
    for (const j of upTo(to.n))
      shares[j]?.push(
        addParts(
          plan,
          all.map((own) => own[j] as Bytes),
        ),
      )
  }
  return shares
}

const culpritsOf = async (promise: Promise<unknown>): Promise<readonly number[] | undefined> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return error instanceof RenewError ? error.culprits : undefined
}

describe('activation of renewed shares', () => {
  let record: SealedRecord
  let fresh: Shares
  before(async () => {
    record = (await renewable(policy)).record
    fresh = refreshed(policy, sharesOf(record))
  })
  const flip = (body: Bytes) => body.map((byte, q) => (q === 5 ? byte ^ 64 : byte))
  const flipped = (shares: Shares, j: number, i: number): Shares =>
    shares.map((own, at) => (at === j ? own.map((body, chunk) => (chunk === i ? flip(body) : body)) : own))

  it('accepts a refresh and a change, with lists that their roots fix', async () => {
    const to = { n: 7, t: 5, r: 3 }
    const cases: [Policy, Shares][] = [
      [policy, fresh],
      [to, await changed(record, to)],
    ]
    for (const [next, shares] of cases) {
      const made = await verified(record, next, shares)
      expect(made.T).to.deep.equal(rootsOf(shares))
      const renewed = nextOf(anchoredOf(record), made)
      for (const [j, list] of made.shareLeaves.entries()) verifyShareLeaves(renewed, j, list)
      expect(renewed.n).to.equal(next.n)
    }
  })

  it('names the keepers of shares that are off the codeword, wherever and however many it can bear', async () => {
    expect(await culpritsOf(verified(record, policy, flipped(fresh, 4, 0)))).to.deep.equal([4])
    expect(await culpritsOf(verified(record, policy, flipped(fresh, 0, 2)))).to.deep.equal([0])
    const to = { n: 7, t: 5, r: 3 }
    const wrong = flipped(flipped(await changed(record, to), 0, 1), 5, 2)
    expect(await culpritsOf(verified(record, to, wrong))).to.deep.equal([0, 5])
  })

  it('names who attested another root, and nobody where too few shares are right', async () => {
    expect(await culpritsOf(verified(record, policy, fresh, rootsOf(fresh).with(2, randomBytes(32))))).to.deep.equal([
      2,
    ])
    const lost = flipped(flipped(fresh, 0, 0), 1, 0)
    expect(await culpritsOf(verified(record, policy, lost))).to.deep.equal([])
  })

  it('refuses shares of other data, old ones among new ones, missing chunks and roots', async () => {
    const moved = fresh.map((own) => own.map((body) => xorRows([body, new Uint8Array(body.length).fill(1)])))
    expect(await codeOf(verified(record, policy, moved))).to.equal('RENEW')
    const old = [0, 1, 2].map((i) => shareChunk(record, 3, i))
    expect(await culpritsOf(verified(record, policy, fresh.with(3, old)))).to.deep.equal([3])
    expect(await codeOf(verified(record, policy, fresh.with(3, (fresh[3] as Bytes[]).slice(1, 2))))).to.equal('RENEW')
    expect(await codeOf(verified(record, policy, fresh, rootsOf(fresh).slice(1)))).to.equal('RENEW')
    expect(await codeOf(verified(record, { n: 90, t: 80, r: 0 }, fresh))).to.equal('RENEW')
    const ended = verifyRenewed({
      manifest: record.manifest,
      contentLeaves: record.contentLeaves,
      policy,
      roots: rootsOf(fresh),
      read: async (j, i) => fresh[j]?.[i] as Bytes,
      signal: AbortSignal.abort(),
    })
    expect(await codeOf(ended)).not.to.equal('success')
  })

  it('binds an attested root to record, manifest, epoch, share and account', async () => {
    const account = newAccount()
    const root: ShareRoot = {
      networkId: record.manifest.networkId,
      recordId: record.manifest.recordId,
      version: 1,
      prev: fromHex(record.manifestHash),
      epoch: 1,
      share: 2,
      root: rootsOf(fresh)[2] as Bytes,
    }
    const signature = await attestRoot(root, account)
    expect(signature.length).to.equal(65)
    checkAttested(root, signature, account.address)
    const others: [ShareRoot, string][] = [
      [{ ...root, epoch: 2 }, account.address],
      [{ ...root, share: 1 }, account.address],
      [{ ...root, prev: randomBytes(32) }, account.address],
      [{ ...root, root: randomBytes(32) }, account.address],
      [{ ...root, recordId: randomBytes(32) }, account.address],
      [root, newAccount().address],
    ]
    for (const [other, address] of others)
      expect(await codeOf((async () => checkAttested(other, signature, address as `0x${string}`))())).to.equal(
        'SIGNED_OBJECT',
      )
  })

  it('makes a manifest that differs in its share side alone, and takes no other', async () => {
    const renewed = nextOf(anchoredOf(record), await verified(record, policy, fresh))
    const { networkId } = record.manifest
    const object = await signObject('manifest', encodeManifest(renewed), networkId, newAccount())
    const { manifest } = parseManifest(object, { networkId, recordId: record.manifest.recordId, version: 1 })
    expect(toHex(manifest.prev as Bytes)).to.equal(record.manifestHash)
    checkRenewed(record.manifest, manifest)
    expect(chunkCount(manifest)).to.equal(3)
    const { prev: _, ...rootless } = manifest
    const wrong: Manifest[] = [
      rootless,
      { ...manifest, attest: (manifest.attest as Bytes[]).slice(1) },
      { ...manifest, contentRoot: randomBytes(32) },
      { ...manifest, contentLeaves: [randomBytes(32)] },
      { ...manifest, ptCommit: randomBytes(32) },
      { ...manifest, keyHeaderHash: randomBytes(32) },
      { ...manifest, sealHeader: randomBytes(40) },
      { ...manifest, version: 2 },
      { ...manifest, suite: 'other' },
      { ...manifest, sealedLen: manifest.sealedLen + 1 },
    ]
    for (const one of wrong)
      expect(await codeOf((async () => checkRenewed(record.manifest, one))())).to.equal('MANIFEST')
  })
})
