import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Help } from '../../../services/storage-node/src/homes.ts'
import { type Ledger, openLedger } from '../../../services/storage-node/src/ledger.ts'
import { codeOf } from '../../helpers/code-of.ts'
import { randomHex } from '../../helpers/ids.ts'

describe('whom a storage node helped to which share', () => {
  let folder: string
  let ledger: Ledger
  const base = { recordId: randomHex(32), root: randomHex(32) }
  const [a, b, c, d, e] = Array.from({ length: 5 }, () => randomHex(16)) as [string, string, string, string, string]
  const [first, second] = [randomHex(32), randomHex(32)]
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'homes-'))
    ledger = openLedger(join(folder, 'ledger.sqlite'))
  })
  afterEach(async () => {
    ledger.close()
    await rm(folder, { recursive: true, force: true })
  })
  const help = async (more: Pick<Help, 'share' | 'to'> & Partial<Help>) =>
    await codeOf((async () => ledger.help({ ...base, ...more }))())
  const moving = (share: number, to: string, from = a, placementHash = first) => ({
    share,
    to,
    move: { from, placementHash },
  })

  it('nobody to two shares of one manifest, whatever placements come in between', async () => {
    expect(await help(moving(0, b))).to.equal('success')
    expect(await help(moving(0, b)), 'asked again').to.equal('success')
    expect(await help({ share: 0, to: b })).to.equal('success')
    expect(await help({ share: 1, to: b }), 'the chain names it').to.equal('RENEW')
    expect(await help(moving(1, b, c, second)), 'after a relocation').to.equal('RENEW')
    expect(await help(moving(1, a, c, second)), 'who gave a share up').to.equal('RENEW')
    expect(await help({ share: 1, to: b, root: randomHex(32) }), 'renewed shares').to.equal('success')
    expect(await help({ share: 1, to: b, recordId: randomHex(32) })).to.equal('success')
  })

  it('one share to move from a placement, and three operators to try for it', async () => {
    for (const to of [b, c, d, b]) expect(await help(moving(0, to))).to.equal('success')
    expect(await help(moving(0, e))).to.equal('RENEW')
    expect(await help(moving(1, e, randomHex(16)))).to.equal('RENEW')
    expect(await help(moving(1, e, randomHex(16), second)), 'from the next placement').to.equal('success')
    expect(await help({ share: 3, to: randomHex(16) }), 'where it is').to.equal('success')
  })

  it('keeps nothing of what it refused, and what it noted over a restart', async () => {
    expect(await help(moving(0, b))).to.equal('success')
    expect(await help(moving(1, c, d))).to.equal('RENEW')
    expect(await help(moving(2, c, d, second)), 'c and d are free').to.equal('success')
    ledger.close()
    ledger = openLedger(join(folder, 'ledger.sqlite'))
    expect(await help({ share: 1, to: b })).to.equal('RENEW')
    expect(await help(moving(1, e, randomHex(16)))).to.equal('RENEW')
  })
})
