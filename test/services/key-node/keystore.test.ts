import { link, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Hex, toHex } from '@sharewell/sdk/bytes'
import { randomBytes } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import { openAnswerStore } from '../../../services/key-node/src/answers.ts'
import { keepShare, keptShare } from '../../../services/key-node/src/committee.ts'
import { eraseAsides, openObjectStore } from '../../../services/key-node/src/files.ts'
import { KeyStoreError, openKeyStore } from '../../../services/key-node/src/keystore.ts'
import { RefusalError } from '../../../services/key-node/src/refusals.ts'
import { killedWhileNaming } from '../../helpers/killed.ts'

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

const budgets = { minute: 10, day: 10, patient: 10 }

describe('a key node’s disk', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sharewell-keystore-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  describe('key store', () => {
    it('gives a key to the use it was kept for and to no other', async () => {
      const keys = openKeyStore(folder, randomBytes(32))
      const share = randomBytes(32)
      await keys.put('share', 'sharewell/release/1 dkg w1', share)
      expect(await keys.get('share', 'sharewell/release/1 dkg w1')).to.deep.equal(share)
      expect(await failure(keys.get('share', 'sharewell/release/1 dkg reg'))).to.be.instanceOf(KeyStoreError)
      expect(await keys.get('other', 'sharewell/release/1 dkg w1')).to.equal(undefined)
    })

    it('keeps a share that signs checkpoints from the one that releases, and the other way round', async () => {
      const keys = openKeyStore(folder, randomBytes(32))
      const made = (i: number) => ({
        i,
        k: 2,
        share: randomBytes(32),
        groupKey: randomBytes(32),
        verifyingShares: [randomBytes(32), randomBytes(32)],
        members: [randomBytes(16), randomBytes(16)],
        transcriptHash: randomBytes(32),
      })
      const [log, release] = [made(1), made(2)]
      await keepShare(keys, log, 'dkg log')
      await keepShare(keys, release)
      const [logHash, releaseHash] = [toHex(log.transcriptHash), toHex(release.transcriptHash)]
      expect((await keptShare(keys, logHash, 'dkg log'))?.share).to.deep.equal(log.share)
      expect(await keptShare(keys, logHash)).to.equal(undefined)
      expect(await keptShare(keys, releaseHash, 'dkg log')).to.equal(undefined)
      for (const [name, other] of [
        [`log-${logHash.slice(2)}`, 'sharewell/release/1 dkg w1'],
        [`w1-${releaseHash.slice(2)}`, 'sharewell/release/1 dkg log'],
      ] as const)
        expect(await failure(keys.get(name, other))).to.be.instanceOf(KeyStoreError)
    })

    it('holds no key in the clear, and opens under its own secret alone', async () => {
      const share = randomBytes(32)
      await openKeyStore(folder, randomBytes(32)).put('share', 'label', share)
      const file = await readFile(path.join(folder, 'share.key'))
      expect(file.includes(Buffer.from(share.subarray(0, 16)))).to.equal(false)
      expect(await failure(openKeyStore(folder, randomBytes(32)).get('share', 'label'))).to.be.instanceOf(KeyStoreError)
    })

    it('never replaces a key', async () => {
      const keys = openKeyStore(folder, randomBytes(32))
      await keys.put('share', 'label', randomBytes(32))
      expect(await failure(keys.put('share', 'label', randomBytes(32)))).to.be.instanceOf(KeyStoreError)
    })

    it('does not take one file for another', async () => {
      const keys = openKeyStore(folder, randomBytes(32))
      await keys.put('first', 'label', randomBytes(32))
      await writeFile(path.join(folder, 'second.key'), await readFile(path.join(folder, 'first.key')))
      expect(await failure(keys.get('second', 'label'))).to.be.instanceOf(KeyStoreError)
    })
  })

  it('is rid, at the next start, of what a kill left before it had its name', async () => {
    const keys = openKeyStore(path.join(folder, 'keys'), new Uint8Array(32))
    await keys.put('share', 'label', randomBytes(32))
    await killedWhileNaming(
      folder,
      `const { openKeyStore } = await import('./services/key-node/src/keystore.ts')
      await openKeyStore(process.argv[1] + '/keys', new Uint8Array(32)).put('other', 'label', new Uint8Array(32).fill(7))`,
    )
    await killedWhileNaming(
      folder,
      `const { openObjectStore } = await import('./services/key-node/src/files.ts')
      await openObjectStore(process.argv[1]).put('headers', new Uint8Array(8).fill(7))`,
    )
    const left = [...(await readdir(path.join(folder, 'keys'))), ...(await readdir(path.join(folder, 'headers')))]
    expect(left.filter((name) => name.endsWith('.tmp'))).to.have.length(2)
    const [half] = left.filter((name) => name.startsWith('other.key.')) as [string]
    await link(path.join(folder, 'keys', half), path.join(folder, 'seen'))
    await eraseAsides(folder)
    expect(await readdir(path.join(folder, 'keys'))).to.deep.equal(['share.key'])
    expect(await readdir(path.join(folder, 'headers'))).to.deep.equal([])
    expect(new Set(await readFile(path.join(folder, 'seen')))).to.deep.equal(new Set([0]))
    await eraseAsides(path.join(folder, 'nothing'))
  })

  describe('objects', () => {
    it('come back whole or not at all', async () => {
      const objects = openObjectStore(folder)
      const hash = await objects.put('headers', new TextEncoder().encode('header'))
      expect(new TextDecoder().decode(await objects.get('headers', hash))).to.equal('header')
      expect(await objects.list('headers')).to.deep.equal([hash])
      await writeFile(path.join(folder, 'headers', hash), 'altered')
      expect(await objects.get('headers', hash)).to.equal(undefined)
      expect(await objects.list('nothing')).to.deep.equal([])
    })
  })

  describe('answers', () => {
    const entry = (change: Partial<{ credentialId: Hex; pseudonym: Hex; at: number; answer: string }> = {}) => ({
      requestHash: toHex(randomBytes(32)),
      credentialId: '0xaa' as Hex,
      pseudonym: '0xbb' as Hex,
      at: 1_000,
      request: '{}',
      answer: '{"i":1}',
      ...change,
    })

    it('stay what they were, whatever is made later for the same request', () => {
      const answers = openAnswerStore(folder, budgets)
      const first = entry()
      answers.keep(first)
      expect(answers.keep({ ...first, answer: '{"i":2}' }).answer).to.equal('{"i":1}')
      answers.close()
      const again = openAnswerStore(folder, budgets)
      expect(again.find(first.requestHash)?.answer).to.equal('{"i":1}')
      expect(again.count()).to.equal(1)
      again.close()
    })

    it('are counted against budgets that survive a restart and end with their window', () => {
      const tight = { minute: 2, day: 3, patient: 10 }
      let answers = openAnswerStore(folder, tight)
      answers.keep(entry())
      answers.keep(entry())
      answers.close()
      answers = openAnswerStore(folder, tight)
      expect(() => answers.keep(entry()))
        .to.throw(RefusalError)
        .with.property('refusal', 'BUDGET_MINUTE')
      answers.keep(entry({ credentialId: '0xcc' }))
      answers.keep(entry({ at: 1_100 }))
      expect(() => answers.keep(entry({ at: 1_300 })))
        .to.throw(RefusalError)
        .with.property('refusal', 'BUDGET_DAY')
      answers.keep(entry({ at: 1_000 + 90_000 }))
      answers.close()
    })

    it('leave a log in which a change shows', () => {
      const answers = openAnswerStore(folder, budgets)
      for (let i = 0; i < 3; i++) answers.keep(entry())
      expect(answers.verifyLog()).to.equal(true)
      const db = new DatabaseSync(path.join(folder, 'answers.sqlite'))
      db.exec('UPDATE log SET at = 999 WHERE seq = 2')
      expect(answers.verifyLog()).to.equal(false)
      db.exec('UPDATE log SET at = 1000 WHERE seq = 2')
      db.exec('DELETE FROM log WHERE seq = 3')
      expect(answers.verifyLog()).to.equal(false)
      db.close()
      answers.close()
    })

    it('are listed for the chain’s log until it has them', () => {
      const answers = openAnswerStore(folder, budgets)
      const [first, second] = [entry(), entry()]
      answers.keep(first)
      answers.keep(second)
      expect(answers.unlogged(10)).to.deep.equal([first.requestHash, second.requestHash])
      answers.markLogged([first.requestHash])
      expect(answers.unlogged(10)).to.deep.equal([second.requestHash])
      answers.close()
    })
  })
})
