import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fromHex, toHex } from '@sharewell/sdk/bytes'
import { publicKeyOf } from '@sharewell/sdk/envelope'
import { basePoint, encodePoint } from '@sharewell/sdk/group'
import { randomBytes, sha256 } from '@sharewell/sdk/primitives'
import { encodeKeyHeader, wrapDek } from '@sharewell/sdk/release'
import { signObject } from '@sharewell/sdk/signed'
import { expect } from 'chai'
import { type Erasures, openErasures } from '../../../services/key-node/src/erasures.ts'
import { type ObjectStore, openObjectStore } from '../../../services/key-node/src/files.ts'
import { randomHex } from '../../helpers/ids.ts'
import { newAccount } from '../../helpers/parties.ts'

describe('the refusal list of a key node', () => {
  const networkId = randomHex(32)
  const account = newAccount()
  let folder: string
  let objects: ObjectStore
  let erasures: Erasures
  const open = () => openErasures(folder, { objects, networkId })
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'erasures-'))
    objects = openObjectStore(folder)
    erasures = open()
  })
  afterEach(async () => {
    erasures.close()
    await rm(folder, { recursive: true, force: true })
  })

  const header = async (recordId: `0x${string}`, version: number, network = networkId) => {
    const id = fromHex(network, 32)
    const record = { networkId: id, recordId: fromHex(recordId, 32), version, sealHash: randomBytes(32) }
    const keys = { patientKey: publicKeyOf(randomBytes(32)), groupKey: encodePoint(basePoint.multiply(7n)) }
    const bytes = encodeKeyHeader(await wrapDek({ record, dek: randomBytes(32), ...keys }))
    return await objects.put('headers', await signObject('key header', bytes, id, account))
  }

  it('deletes every header of the versions, however it came, and keeps all others', async () => {
    const [recordId, other] = [randomHex(32), randomHex(32)]
    const gone = [await header(recordId, 1), await header(recordId, 1), await header(recordId, 2)]
    const stays = [await header(recordId, 3), await header(other, 1), await header(recordId, 1, randomHex(32))]
    // What is no header at all is left alone.
    stays.push(await objects.put('headers', randomBytes(20)))
    const word = { recordId, version: 2, count: 3, time: 1_000 }
    expect(await erasures.erase({ recordId, version: 2 }, 1_000)).to.deep.equal(word)
    expect((await objects.list('headers')).sort()).to.deep.equal(stays.sort())
    for (const hash of gone)
      expect(await readFile(path.join(folder, 'headers', hash)).catch(() => 'gone')).to.equal('gone')
    expect(await erasures.erase({ recordId, version: 1 }, 2_000), 'said again').to.deep.equal(word)
    for (const [version, refused] of [
      [1, true],
      [2, true],
      [3, false],
    ] as const)
      expect(erasures.covers({ recordId, version })).to.equal(refused)
    expect(erasures.covers({ recordId: other, version: 1 })).to.equal(false)
  })

  it('survives a restart, and goes on after one in the middle', async () => {
    const recordId = randomHex(32)
    for (let at = 0; at < 3; at++) await header(recordId, 1)
    let left = 1
    const failing: ObjectStore = {
      ...objects,
      erase: async (at, hash) => {
        if (left-- === 0) throw new Error('EIO')
        await objects.erase(at, hash)
      },
    }
    const first = openErasures(path.join(folder), { objects: failing, networkId })
    expect(await first.erase({ recordId, version: 1 }, 1_000).catch(String)).to.equal('Error: EIO')
    first.close()
    erasures.close()
    erasures = open()
    expect(erasures.covers({ recordId, version: 1 })).to.equal(true)
    expect(await erasures.erase({ recordId, version: 1 }, 2_000)).to.include({ count: 3, time: 2_000 })
    expect(await objects.list('headers')).to.deep.equal([])
  })

  it('overlooks a file that is not what its name says', async () => {
    const recordId = randomHex(32)
    await header(recordId, 1)
    await writeFile(path.join(folder, 'headers', toHex(sha256(randomBytes(3)))), 'noise')
    expect(await erasures.erase({ recordId, version: 1 }, 1_000)).to.include({ count: 1 })
  })
})
