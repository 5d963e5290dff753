import { maxRepairLength } from '@sharewell/sdk/share'
import { expect } from 'chai'
import type { Components } from '../../../services/storage-node/src/components.ts'
import { dealChange } from '../../../services/storage-node/src/renew-change.ts'
import { dealWords } from '../../../services/storage-node/src/renew-refresh.ts'
import type { RenewStep } from '../../../services/storage-node/src/renew-session.ts'
import { givePieces, giveSums, openParts } from '../../../services/storage-node/src/repair-share.ts'
import type { RepairStep } from '../../../services/storage-node/src/repair-step.ts'
import { codeOf } from '../../helpers/code-of.ts'

/** A record of 2 GiB whose share-chunks are 1 MiB long: one request may name 1,024 of them. */
const manifest = { n: 9, t: 4, r: 3, chunkLog2: 20, sealedLen: 2 ** 31, shareLen: 2 ** 31 }

/** A node in which whatever a step would do next fails the test: it has neither store nor chain nor sessions. */
const touched: string[] = []
const nothing = new Proxy({} as Components, {
  get: (_, name) => {
    if (name === 'leaving') return true
    touched.push(String(name))
    throw new Error(`The step went on to ${String(name)}.`)
  },
})

const steps: readonly [string, (count: number) => Promise<unknown>][] = [
  ['words of a refresh', (count) => dealWords(nothing, renewing(count), {})],
  ['parts of a change', (count) => dealChange(nothing, renewing(count), {})],
  ['pieces of a repair', (count) => givePieces(nothing, repairing(count), {})],
  ['sums of a repair', (count) => giveSums(nothing, repairing(count), {})],
  ['what a helper shows', (count) => openParts(nothing, repairing(count), {})],
]

const renewing = (count: number) => {
  const receivers = Array.from({ length: manifest.n }, () => new Uint8Array(16))
  const terms = { contributors: [0, 1, 2, 3], receivers, policy: { n: 9, t: 4, r: 3 } }
  return { ask: { first: 0, count }, terms, manifest, own: 0, session: {}, operators: [] } as unknown as RenewStep
}
const repairing = (count: number) => {
  const plan = { helpers: [0, 1, 2, 3], share: 8 }
  return { ask: { first: 0, count, keys: [] }, plan, manifest, own: 0, isTarget: false } as unknown as RepairStep
}

describe('a step of a renewal whose answer nobody could be sent', () => {
  for (const [name, step] of steps)
    it(`is refused before anything is made: ${name}`, async () => {
      touched.length = 0
      expect(await codeOf(step(1_024))).to.equal('RENEW')
      expect(touched).to.deep.equal([])
      // A short one goes on to the node's own things.
      expect(await codeOf(step(1))).to.not.equal('RENEW')
      expect(touched).to.not.deep.equal([])
      expect(maxRepairLength).to.be.lessThan(1_024 * 2 ** 20)
    })
})
