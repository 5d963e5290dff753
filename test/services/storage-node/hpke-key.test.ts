import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toHex } from '@sharewell/sdk/bytes'
import { createHttpStore } from '@sharewell/sdk/place'
import { sha256 } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import { storageKeyOf } from '../../../sdk/src/flow/storage-key.ts'
import { openHpkeKey } from '../../../services/storage-node/src/hpke-key.ts'
import { codeOf } from '../../helpers/code-of.ts'
import { newParties, type Party, paperNetwork } from '../../helpers/parties.ts'
import { openNode, type TestNode } from '../../helpers/storage.ts'

describe('the HPKE key of a storage node', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hpke-key-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('is drawn once, and its file is the owner’s alone', async () => {
    // A kill may leave this.
    await writeFile(join(folder, `hpke.key.${randomUUID()}.tmp`), 'half')
    const first = await openHpkeKey(folder)
    expect(await openHpkeKey(folder)).to.deep.equal(first)
    expect(await readdir(folder)).to.deep.equal(['hpke.key'])
    expect((await stat(join(folder, 'hpke.key'))).mode & 0o777).to.equal(0o600)
    expect(new Uint8Array(await readFile(join(folder, 'hpke.key')))).to.deep.equal(first.seed)
  })

  it('is not taken from a file that others may read, or that holds something else', async () => {
    await openHpkeKey(folder)
    await chmod(join(folder, 'hpke.key'), 0o640)
    expect(await codeOf(openHpkeKey(folder))).to.equal('CONFIG')
    await chmod(join(folder, 'hpke.key'), 0o600)
    await writeFile(join(folder, 'hpke.key'), 'short')
    expect(await codeOf(openHpkeKey(folder))).to.equal('CONFIG')
  })

  describe('as clients read it', () => {
    let node: TestNode
    before(async () => {
      node = await openNode(paperNetwork(), newParties(1)[0] as Party)
    })
    after(() => node?.close())

    it('counts only where the registry has its hash', async () => {
      const { hpkePublicKey } = await node.client('').status()
      const key = new Uint8Array(Buffer.from(hpkePublicKey ?? '', 'base64url'))
      expect(key.length).to.equal(1216)
      expect(await storageKeyOf({ hpkeKeyHash: toHex(sha256(key)) }, node.client(''))).to.deep.equal(key)
      expect(await storageKeyOf({ hpkeKeyHash: toHex(sha256(sha256(key))) }, node.client(''))).to.equal(undefined)
      expect(await storageKeyOf({ hpkeKeyHash: `0x${'00'.repeat(32)}` }, node.client(''))).to.equal(undefined)
    })

    it('is none where nothing can be sealed to it', async () => {
      const key = new Uint8Array(1_216).fill(0xff)
      const hpkePublicKey = Buffer.from(key).toString('base64url')
      const status = { ...(await node.client('').status()), hpkePublicKey }
      const says = { status: async () => status }
      expect(await storageKeyOf({ hpkeKeyHash: toHex(sha256(key)) }, says)).to.equal(undefined)
    })

    it('is none where a node says none, says nonsense, or does not answer', async () => {
      const status = { operator: '', blocks: 0, bytes: 0, peers: 0, swarm: [], room: true, leaving: false }
      const hpkeKeyHash = toHex(sha256(new Uint8Array()))
      for (const more of [{}, { hpkePublicKey: '!' }, { hpkePublicKey: 'AA' }]) {
        const says = { status: async () => ({ ...status, ...more }) }
        expect(await storageKeyOf({ hpkeKeyHash: toHex(sha256(Uint8Array.of(1))) }, says)).to.equal(undefined)
      }
      const gone = createHttpStore({ url: 'http://127.0.0.1:9', authorize: async () => '' })
      expect(await storageKeyOf({ hpkeKeyHash }, gone)).to.equal(undefined)
    })
  })
})
