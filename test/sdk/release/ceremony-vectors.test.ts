import { type Bytes, fromHex, toHex } from '@sharewell/sdk/bytes'
import { packageHash, resultHash } from '@sharewell/sdk/chain'
import type { Envelope } from '@sharewell/sdk/envelope'
import {
  CeremonyError,
  type CeremonyResult,
  type CeremonyTerms,
  ceremonySession,
  checkPackage,
  dealtShare,
  type Frame,
  judge,
  openShare,
  ownShare,
  type Package,
  packageOf,
  resultOf,
  sealShare,
} from '@sharewell/sdk/release'
import { expect } from 'chai'
import { ceremonyVectors } from '../../../docs/spec/vectors/generate-ceremony.ts'
import { type Operations, testVectors } from '../../helpers/scenarios.ts'

type Framed = { frame: Frame }
type Shown = { shown: Package }
type Way = { from: number; to: number }

const operations: Operations = {
  session: ({ contract, ...terms }: Omit<CeremonyTerms, 'contract'> & { contract: Bytes }) => ({
    session: ceremonySession({ ...terms, contract: toHex(contract) }),
  }),
  package: ({ frame, from, polynomial, random }: Framed & { from: number; polynomial: Bytes[]; random: Bytes }) => {
    const made = packageOf(frame, from, polynomial, { random: (length) => random.slice(0, length) })
    return { commitment: made.commitment, proof: made.proof }
  },
  commit: ({ ceremony, operator, shown }: Shown & { ceremony: number; operator: Bytes }) => {
    const said = { commitment: shown.commitment.map(toHex), proof: toHex(shown.proof) }
    return { hash: fromHex(packageHash(ceremony, toHex(operator), said), 32) }
  },
  check: ({ frame, shown }: Framed & Shown) => checkPackage(frame, shown),
  deal: ({ polynomial, to }: { polynomial: Bytes[]; to: number }) => ({ share: dealtShare(polynomial, to) }),
  seal: async ({
    frame,
    publicKey,
    random,
    ...way
  }: Framed & Way & { share: Bytes; publicKey: Bytes; random: Bytes }) =>
    await sealShare(frame, way, publicKey, { random: () => random }),
  open: async ({ frame, sealed, ...at }: Framed & Shown & { to: number; hpkeSeed: Bytes; sealed: Envelope }) => ({
    share: await openShare(frame, at, sealed),
  }),
  result: ({ frame, packages }: Framed & { packages: Package[] }) => resultOf(frame, packages),
  accept: ({ groupKey, verifyingShares, transcriptHash }: CeremonyResult) => {
    const keys = { groupKey: toHex(groupKey), verifyingShares: verifyingShares.map(toHex) }
    return { hash: fromHex(resultHash({ ...keys, transcriptHash: toHex(transcriptHash) }), 32) }
  },
  own: ({ frame, shares, ...all }: Framed & Own) => ({
    share: ownShare(frame, { ...all, shares: new Map(shares.map(({ from, share }) => [from, share])) }),
  }),
  judge: ({ shown, to, share }: Shown & { to: number; share?: Bytes }) => ({ verdict: judge(shown, to, share) }),
}
type Own = { to: number; packages: Package[]; shares: { from: number; share: Bytes }[] }

describe('ceremony vectors', () => {
  testVectors('ceremony', operations, {
    generated: ceremonyVectors,
    refused: (error, output) => {
      expect({ culprits: (error as CeremonyError).culprits }).to.deep.equal(output)
      expect(error).to.be.instanceOf(CeremonyError)
    },
  })
})
