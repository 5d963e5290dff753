import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { concat } from '@sharewell/sdk/bytes'
import { createMemoryStore } from '@sharewell/sdk/place'
import { randomBytes } from '@sharewell/sdk/primitives'
import { cidOfBlock } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { deleteVersions } from '../../../services/storage-node/src/delete.ts'
import { type Ledger, openLedger } from '../../../services/storage-node/src/ledger.ts'
import { takeBlock } from '../../../services/storage-node/src/take-block.ts'
import { codeOf } from '../../helpers/code-of.ts'
import { randomHex } from '../../helpers/ids.ts'

describe('deletions of a storage node', () => {
  const operator = randomHex(16)
  const networkId = randomHex(32)
  const room = { missing: () => undefined, left: async () => true }
  let folder: string
  let ledger: Ledger
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deletions-'))
    ledger = openLedger(join(folder, 'ledger.sqlite'))
  })
  afterEach(async () => {
    ledger.close()
    await rm(folder, { recursive: true, force: true })
  })

  const newStore = () => {
    const memory = createMemoryStore()
    const remove = async (cids: readonly string[]) => {
      for (const cid of cids) memory.blocks.delete(cid)
    }
    return { ...memory, remove }
  }
  type Store = ReturnType<typeof newStore>
  const put = async (
    store: Store,
    { recordId, version }: { recordId: `0x${string}`; version: number },
    bytes = randomBytes(40),
  ) => {
    const cid = cidOfBlock(bytes)
    const grant = { recordId, version, maxBytes: 100_000 }
    await takeBlock({ ledger, store, networkId, room }, { cid, bytes, grant })
    return cid
  }
  const erase = (store: Store, recordId: `0x${string}`, version: number, time = 1_000) =>
    deleteVersions({ ledger, store, operator, clock: () => time }, { recordId, version })

  it('take the versions up to one, however many blocks they have, and leave the later ones', async () => {
    const store = newStore()
    const recordId = randomHex(32)
    const gone: string[] = []
    for (let at = 0; at < 1_201; at++) gone.push(await put(store, { recordId, version: 1 + (at % 2) }))
    const stays = await put(store, { recordId, version: 3 })
    const word = { recordId, operator, version: 2, count: 1_201, time: 1_000 }
    expect(await erase(store, recordId, 2)).to.deep.equal(word)
    expect([...store.blocks.keys()]).to.deep.equal([stays])
    expect(gone.flatMap((cid) => ledger.recordsOf(cid))).to.deep.equal([])
    expect(ledger.recordsOf(stays)).to.deep.equal([recordId])
    expect(ledger.totals()).to.include({ blocks: 1, bytes: 40 })
    expect(await erase(store, recordId, 1, 2_000)).to.deep.equal(word)
    // A further deletion has a word of its own.
    expect(await erase(store, recordId, 3, 3_000)).to.include({ version: 3, count: 1, time: 3_000 })
    expect(store.blocks.size).to.equal(0)
  })

  it('go on after a disk that failed in the middle, and show nothing meanwhile', async () => {
    const store = newStore()
    const recordId = randomHex(32)
    const cids = [await put(store, { recordId, version: 1 }), await put(store, { recordId, version: 1 })]
    const failing = { ...store, remove: async () => Promise.reject(new Error('EIO')) }
    expect(await erase(failing, recordId, 1).catch(String)).to.equal('Error: EIO')
    expect(store.blocks.size).to.equal(2)
    for (const cid of cids) {
      expect(ledger.recordsOf(cid)).to.deep.equal([])
      expect(ledger.isLeftover(cid)).to.equal(true)
      expect(ledger.serves(cid), 'to the swarm').to.equal(false)
    }
    ledger.close()
    ledger = openLedger(join(folder, 'ledger.sqlite'))
    expect(await codeOf(put(store, { recordId, version: 1 }))).to.equal('VERSION_DELETED')
    expect(await erase(store, recordId, 1)).to.include({ count: 2 })
    expect(store.blocks.size).to.equal(0)
  })

  it('take a block that arrives while they are made', async () => {
    const store = newStore()
    const recordId = randomHex(32)
    const slow = {
      ...store,
      async put(cid: string, bytes: Uint8Array<ArrayBuffer>) {
        await erase(store, recordId, 1)
        await store.put(cid, bytes)
      },
    }
    expect(await codeOf(put(slow, { recordId, version: 1 }))).to.equal('VERSION_DELETED')
    expect(store.blocks.size).to.equal(0)
  })

  it('leave a block to the later version that has it too, and to another record', async () => {
    const store = newStore()
    const [recordId, other] = [randomHex(32), randomHex(32)]
    const both = randomBytes(40)
    await put(store, { recordId, version: 1 }, both)
    const cid = await put(store, { recordId, version: 2 }, both)
    // Taken once more for the first one it stays the second one's.
    await put(store, { recordId, version: 1 }, both)
    await erase(store, recordId, 1)
    expect(ledger.recordsOf(cid)).to.deep.equal([recordId])
    await put(store, { recordId: other, version: 1 }, both)
    await erase(store, recordId, 2)
    expect(ledger.recordsOf(cid)).to.deep.equal([other])
    expect(store.blocks.has(cid)).to.equal(true)
  })

  it('leave nothing to a later version that only says that it has a block', async () => {
    const store = newStore()
    const recordId = randomHex(32)
    const cid = await put(store, { recordId, version: 1 })
    const pinned = { cid, bytes: randomBytes(40), grant: { recordId, version: 9, maxBytes: 100_000 } }
    expect(await codeOf(takeBlock({ ledger, store, networkId, room }, pinned))).to.equal('CID_MISMATCH')
    expect(await erase(store, recordId, 1)).to.include({ count: 1 })
    expect(store.blocks.size).to.equal(0)
  })

  it('keep their entry where somebody sends other bytes for a block that is just arriving', async () => {
    const store = newStore()
    const [recordId, bytes] = [randomHex(32), randomBytes(40)]
    const cid = cidOfBlock(bytes)
    const grant = { recordId, version: 1, maxBytes: 100_000 }
    const wrong = takeBlock({ ledger, store, networkId, room }, { cid, bytes: randomBytes(40), grant })
    const right = put(store, { recordId, version: 1 }, bytes)
    expect(await codeOf(wrong)).to.equal('CID_MISMATCH')
    await right
    expect(ledger.recordsOf(cid)).to.deep.equal([recordId])
  })

  it('let no further records crowd out the one that a block is of', async () => {
    const store = newStore()
    const [recordId, bytes] = [`0xff${randomHex(31).slice(2)}` as const, randomBytes(40)]
    const cid = await put(store, { recordId, version: 1 }, bytes)
    // Lower ids stand before it in every list.
    const others = Array.from(
      { length: 16 },
      (_, at) => `0x00${randomHex(30).slice(2)}${at.toString(16).padStart(2, '0')}`,
    )
    const codes: unknown[] = []
    for (const other of others)
      codes.push(await codeOf(put(store, { recordId: other as typeof recordId, version: 1 }, bytes)))
    expect(codes.at(-1)).to.equal('BLOCK_SHARED')
    expect(ledger.recordsOf(cid)).to.include(recordId)
    expect(ledger.belongs(cid, recordId)).to.equal(true)
  })

  it('count the bytes of each version apart, so that the next one finds room', async () => {
    const store = newStore()
    const recordId = randomHex(32)
    const grant = (version: number) => ({ recordId, version, maxBytes: 100 })
    const take = async (version: number) => {
      const bytes = randomBytes(60)
      await takeBlock({ ledger, store, networkId, room }, { cid: cidOfBlock(bytes), bytes, grant: grant(version) })
    }
    await take(1)
    expect(await codeOf(take(1))).to.equal('QUOTA')
    await take(2)
    expect(await codeOf(take(2))).to.equal('QUOTA')
  })

  it('know the blocks of a ledger that was written before versions were told apart', async () => {
    ledger.close()
    const file = join(folder, 'old.sqlite')
    const old = new DatabaseSync(file)
    const recordId = randomHex(32)
    const block = concat(randomBytes(40))
    old.exec(`
      CREATE TABLE records (record TEXT PRIMARY KEY, bytes INTEGER NOT NULL, withheld INTEGER NOT NULL) WITHOUT ROWID;
      CREATE TABLE blocks (cid TEXT, record TEXT, size INTEGER NOT NULL, PRIMARY KEY (cid, record)) WITHOUT ROWID;
      CREATE TABLE common (cid TEXT PRIMARY KEY) WITHOUT ROWID;
      INSERT INTO records VALUES ('${recordId}', 40, 1);
      INSERT INTO blocks VALUES ('${cidOfBlock(block)}', '${recordId}', 40);`)
    old.close()
    openLedger(file).close()
    ledger = openLedger(file)
    const store = newStore()
    await store.put(cidOfBlock(block), block)
    expect(ledger.serves(cidOfBlock(block)), 'withheld').to.equal(false)
    expect(ledger.recordsOf(cidOfBlock(block))).to.deep.equal([recordId])
    await put(store, { recordId, version: 2 })
    expect(await erase(store, recordId, 1)).to.include({ count: 1 })
    expect(store.blocks.size).to.equal(1)
  })
})
