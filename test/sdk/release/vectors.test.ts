import { type Bytes, toHex } from '@sharewell/sdk/bytes'
import { publicKeyOf, symmetricKeyIdOf, type WrappedRecord } from '@sharewell/sdk/envelope'
import { checkPossession } from '@sharewell/sdk/group'
import {
  type Ciphertext,
  type Committee,
  checkCiphertext,
  combine,
  combineSecondKey,
  ctHash,
  DkgError,
  type DkgSession,
  type DkgShare,
  dealSecondKey,
  dkgSession,
  encaps,
  encodePartial,
  finish,
  openAnswer,
  openSecondShare,
  type Partial,
  parseKeyHeader,
  partial,
  partialHash,
  QuorumError,
  round1Hash,
  type SecondKey,
  type Statement,
  secondShareHash,
  startDkg,
  unwrapW0,
  verifyPartial,
} from '@sharewell/sdk/release'
import { expect } from 'chai'
import { releaseVectors } from '../../../docs/spec/vectors/generate-release.ts'
import { seeded } from '../../../docs/spec/vectors/scenarios.ts'
import { codeOf } from '../../helpers/code-of.ts'
import { files, scenarios } from '../../helpers/scenarios.ts'

const inOrder = (bytes: Bytes) => {
  let at = 0
  return (length: number) => {
    at += length
    return bytes.slice(at - length, at)
  }
}

type Dkg = Omit<DkgSession, 'contract'> & {
  contract: Bytes
  session: Bytes
  i: number
  h: number
  seed: string
  seeds: Bytes[]
  packages: Bytes[]
  shares: DkgShare[]
}

/** One member of the vector's key generation, made again from its seed. */
async function generate({ i, k, h, seed, packages, seeds, shares, session, ...rest }: Dkg) {
  const hash = session ?? dkgSession({ ...rest, k, contract: toHex(rest.contract) })
  const member = startDkg({ session: hash, i, k, h }, { random: seeded(seed) })
  const keys = Array.from({ length: h }, () => new Uint8Array(1216))
  if (shares === undefined) return member.round2(packages, keys)
  await member.round2(packages, seeds.map(publicKeyOf))
  const mine = shares.filter(({ to }) => to === i)
  const { groupKey, verifyingShares, transcriptHash, share } = await member.round3(mine, seeds[i - 1] as Bytes)
  return { session: hash, hashes: packages.map(round1Hash), groupKey, verifyingShares, transcriptHash, share }
}

const operations: { readonly [operation: string]: (input: never) => unknown } = {
  encaps: ({ groupKey, L, random }: { groupKey: Bytes; L: Bytes; random: Bytes }) => {
    const { key, ct } = encaps(groupKey, L, { random: inOrder(random) })
    return { key, ct, ctHash: ctHash(ct) }
  },
  check: ({ groupKey, ct, L }: { groupKey: Bytes; ct: Ciphertext; L: Bytes }) => checkCiphertext(groupKey, ct, L),
  partial: ({ node, statement, random }: { node: partial.Node; statement: Statement; random: Bytes }) => {
    const made = partial(node, statement, { random: inOrder(random) })
    return { partial: encodePartial(made), partialHash: partialHash(made) }
  },
  combine: ({
    partials,
    committee,
    statement,
    y,
  }: {
    partials: Partial[]
    committee: Committee
    statement: Statement
    y: Bytes
  }) => {
    const { A, B } = combine(partials, committee, statement)
    return { A, B, key: finish(y, statement.ct, { A, B }) }
  },
  possession: ({ publicKey, context, proof }: { publicKey: Bytes; context: Bytes; proof: Bytes }) =>
    checkPossession(publicKey, context, proof),
  answer: async ({
    hpkeSeed,
    requestHash,
    i,
    enc,
    ct,
  }: {
    hpkeSeed: Bytes
    requestHash: Bytes
    i: number
    enc: Bytes
    ct: Bytes
  }) => {
    const answer = await openAnswer({ enc, ct }, { hpkeSeed }, { requestHash, i })
    return { partial: encodePartial(answer.partial), signature: answer.signature }
  },
  header: async ({ object, seed, ...expected }: parseKeyHeader.Expected & { object: Bytes; seed: Bytes }) => {
    const { header } = parseKeyHeader(object, expected)
    return { dek: await unwrapW0(header, seed) }
  },
  dkg: generate,
  'second deal': async ({ record, k, publicKeys, seed }: SecondDeal) => {
    const { key, second } = await dealSecondKey(record, { k, publicKeys }, { random: seeded(seed) })
    return { key, id: symmetricKeyIdOf(key), second }
  },
  'second share': async ({ seed, record, second }: { seed: Bytes; record: WrappedRecord; second: SecondKey }) => {
    const opened = await openSecondShare(seed, record, second)
    const hash = opened && secondShareHash(opened)
    return { ...opened, hash, partialHash: partialHash(firstPartial(), hash) }
  },
  'second key': ({ second, shares, id }: { second: SecondKey; shares: { i: number; share: Bytes }[]; id: Bytes }) => ({
    key: combineSecondKey(second, shares, id),
  }),
}

type SecondDeal = { record: WrappedRecord; k: number; publicKeys: Bytes[]; seed: string }

/** The partial of the vector `verify`, with which a share's hash is signed. */
function firstPartial(): Partial {
  const { input } = scenarios('release').find(({ name }) => name === 'verify') ?? {}
  return (input as Verification).partial
}

type Verification = { verifyingShare: Bytes; statement: Statement; partial: Partial }

describe('release vectors', () => {
  for (const { name, comment, operation, expect: code, input, output } of scenarios('release'))
    it(`${name}: ${comment}`, async () => {
      if (operation === 'verify') {
        const { verifyingShare, statement, partial: answer } = input as Verification
        expect(verifyPartial(verifyingShare, statement, answer)).to.equal(code === 'success')
        return
      }
      const run = operations[operation]
      if (run === undefined) throw new Error(`no operation ${operation}`)
      const result = Promise.resolve().then(() => run(input as never))
      if (code === 'success') {
        expect(await result).to.deep.equal(output)
        return
      }
      expect(await codeOf(result)).to.equal(code)
      const error = await result.catch((cause: unknown) => cause)
      if (error instanceof QuorumError) expect({ refusals: error.refusals }).to.deep.equal(output)
      if (error instanceof DkgError) expect({ culprits: error.culprits }).to.deep.equal(output)
    })

  it('are what their generator writes', () => {
    expect(files('release')).to.deep.equal(releaseVectors)
  })
})
