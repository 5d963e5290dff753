import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { openLedger } from '../../../services/storage-node/src/ledger.ts'
import { randomHex } from '../../helpers/ids.ts'

describe('under which policy a storage node made a share', () => {
  it('is what it noted first, also after a restart, and of this share of this record alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'policies-'))
    try {
      const share = { recordId: randomHex(32), root: randomHex(32) }
      const policy = { n: 7, t: 4, r: 2 }
      const ledger = openLedger(join(folder, 'ledger.sqlite'))
      ledger.notePolicy(share, policy)
      ledger.notePolicy(share, { n: 5, t: 3, r: 1 })
      ledger.close()
      const again = openLedger(join(folder, 'ledger.sqlite'))
      expect(again.policyOf(share)).to.deep.equal(policy)
      expect(again.policyOf({ ...share, root: randomHex(32) })).to.equal(undefined)
      expect(again.policyOf({ ...share, recordId: randomHex(32) })).to.equal(undefined)
      again.close()
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})
