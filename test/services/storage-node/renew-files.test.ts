import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Hex } from '@sharewell/sdk/bytes'
import { RenewError } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { openRenewals } from '../../../services/storage-node/src/renew-files.ts'
import { randomHex } from '../../helpers/ids.ts'

const day = 24 * 3600 * 1000
const bytes = (length: number, value: number) => new Uint8Array(length).fill(value)
const session = (value: number) => ({ session: bytes(32, value), manifestHash: bytes(32, 1) })

describe('the sessions that a storage node keeps', () => {
  let folder: string
  let later = 0
  const open = () => openRenewals(folder, { now: () => Date.now() + later })
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sharewell-renew-'))
    later = 0
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('are there after a restart, and gone once they are forgotten', async () => {
    const recordId = randomHex(32)
    const begun = await open().begin(recordId, session(7))
    expect(begun.state.secret).to.have.length(32)
    const found = await open().find(recordId)
    expect(found?.state).to.deep.equal(begun.state)
    await found?.save({ accepted: [0, 2], judged: true, off: true })
    expect((await open().find(recordId))?.state)
      .to.include({ judged: true, off: true })
      .and.to.have.property('accepted')
    await open().forget(recordId)
    expect(await open().find(recordId)).to.equal(undefined)
  })

  it('begin at the same time without one undoing another, 64 of them and no more', async () => {
    const renewals = open()
    const records = Array.from({ length: 70 }, () => randomHex(32))
    const begun = await Promise.allSettled(records.map((id) => renewals.begin(id, session(3))))
    const refused = begun.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
    expect(refused).to.have.length(6)
    for (const error of refused) expect(error).to.be.instanceOf(RenewError)
    const kept = await Promise.all(records.map((id) => renewals.find(id)))
    expect(kept.filter((each) => each?.state.secret.length === 32)).to.have.length(64)
  })

  it('begin beside one whose file says nothing any more, which is none', async () => {
    const broken = randomHex(32)
    await open().begin(broken, session(1))
    await writeFile(path.join(folder, 'renew', broken, 'state'), 'nonsense')
    expect(await open().find(broken)).to.equal(undefined)
    later = 2 * day
    const next = await open().begin(randomHex(32), session(2))
    expect(next.state.secret).to.have.length(32)
    expect((await open().begin(broken, session(4))).state.session).to.deep.equal(bytes(32, 4))
  })

  it('lets go of a step at once whose asker went while it waited, and keeps the order of the others', async () => {
    const renewals = open()
    const recordId = randomHex(32)
    const order: string[] = []
    const first = Promise.withResolvers<void>()
    const one = renewals.exclusive(recordId, async () => {
      await first.promise
      order.push('first')
    })
    const gone = new AbortController()
    const two = renewals.exclusive(recordId, async () => order.push('gone'), { signal: gone.signal })
    const three = renewals.exclusive(recordId, async () => order.push('third'))
    gone.abort()
    const said = await two.catch((error: Error) => error.name)
    expect(said).to.equal('AbortError')
    expect(order).to.deep.equal([])
    first.resolve()
    await Promise.all([one, three])
    expect(order).to.deep.equal(['first', 'third'])
  })

  it('begin with nothing of one whose files were half removed', async () => {
    const recordId = randomHex(32)
    const before = await open().begin(recordId, session(1))
    for (const name of ['leaves', 'word-0']) await before.append(name, 0, bytes(32, 9))
    await rm(path.join(folder, 'renew', recordId, 'state'))
    const next = await open().begin(recordId, session(2))
    for (const name of ['leaves', 'word-0']) expect(await next.size(name), name).to.equal(0)
  })

  describe('a day after the last step', () => {
    const others = async (recordId: Hex) => (await readdir(path.join(folder, 'renew', recordId))).sort()

    it('are erased but for the list of new chunks, and keep their age', async () => {
      const [empty, listed] = [randomHex(32), randomHex(32)]
      const renewals = open()
      await (await renewals.begin(empty, session(1))).append('word-0', 0, bytes(9, 9))
      const begun = await renewals.begin(listed, session(2))
      await begun.append('word-0', 0, bytes(9, 9))
      await begun.append('leaves', 0, bytes(32, 5))
      later = 2 * day
      await renewals.begin(randomHex(32), session(3))
      expect(await renewals.find(empty)).to.equal(undefined)
      expect(await others(listed)).to.deep.equal(['leaves', 'state'])
      expect((await renewals.find(listed))?.state.secret).to.have.length(0)
    })

    it('are left alone while a step of theirs goes on', async () => {
      const recordId = randomHex(32)
      const renewals = open()
      await (await renewals.begin(recordId, session(1))).append('word-0', 0, bytes(9, 9))
      later = 2 * day
      await renewals.exclusive(recordId, async () => {
        await renewals.begin(randomHex(32), session(2))
        expect(await others(recordId)).to.deep.equal(['state', 'word-0'])
      })
      await renewals.begin(randomHex(32), session(3))
      expect(await renewals.find(recordId)).to.equal(undefined)
    })
  })
})
