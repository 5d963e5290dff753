import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Bytes, concat, fromHex, toHex, utf8 } from '@sharewell/sdk/bytes'
import { BaseError } from '@sharewell/sdk/errors'
import { sha256 } from '@sharewell/sdk/primitives'
import { openAll } from '@sharewell/sdk/seal'
import { expect } from 'chai'
import { parseKeyFile } from '../../cli/src/files/key-file.ts'
import { readSealedFile } from '../../cli/src/files/sealed-file.ts'
import { decodeShares, openShareSet, type Rejected } from '../../cli/src/files/share-set.ts'
import { sealedFileVectors, shareFileVectors } from '../../docs/spec/vectors/generate-sealed-file.ts'
import { formatVector, type Vectors } from '../../docs/spec/vectors/vector.ts'
import { vectorFiles, vectors } from '../helpers/vectors.ts'

describe('sealed files', () => {
  type Fields = { sealed: string; keyFile: string; plain?: string; mime?: string }
  for (const { name, comment, expect: expected, sealed, keyFile, plain, mime } of vectors<Fields>('sealed-file')) {
    it(`vector ${name}: ${comment}`, async () => {
      const opened = await outcome(() => openFile(fromHex(sealed), keyFile))
      if (expected !== 'success') expect(opened).to.equal(expected)
      else if (plain === undefined) expect(opened).to.have.property('bytes')
      else expect(opened).to.deep.equal({ bytes: fromHex(plain), mime })
    })
  }

  it('has the vectors that its generator makes', async () => {
    expect(vectorFiles('sealed-file').toSorted(byName)).to.deep.equal(written(await sealedFileVectors()))
    expect(vectorFiles('share-file').toSorted(byName)).to.deep.equal(written(await shareFileVectors()))
  })
})

describe('share files', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sharewell-shares-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  type Fields = { shares: string[]; rejected: number[]; digest?: string }
  for (const { name, comment, expect: expected, shares, rejected, digest } of vectors<Fields>('share-file')) {
    it(`vector ${name}: ${comment}`, async () => {
      const files = shares.map((_, i) => path.join(folder, `${i}.share`))
      await Promise.all(files.map((file, i) => writeFile(file, fromHex(shares[i] as string))))
      const blamed: string[] = []
      const combined = await outcome(() => combine(files, ({ file }) => blamed.push(file)))
      if (expected === 'success') {
        expect(combined).to.be.instanceOf(Uint8Array)
        expect(toHex(sha256(combined as Bytes))).to.equal(digest)
        expect(blamed).to.deep.equal(rejected.map((i) => files[i]))
      } else expect(combined).to.equal(expected)
    })
  }
})

async function openFile(bytes: Bytes, keyFile: string): Promise<{ bytes: Bytes; mime: string }> {
  const dek = parseKeyFile(utf8(keyFile), 'key')
  const file = await readSealedFile(pieces(bytes), 'sealed')
  const { bytes: opened, trailer } = openAll({
    header: file.sealHeader,
    dek,
    chunks: file.chunks,
    get ptCommit() {
      return file.footer().ptCommit
    },
  })
  const parts: Bytes[] = []
  for await (const part of opened) parts.push(part)
  return { bytes: concat(...parts), mime: (await trailer).mime }
}

async function combine(files: readonly string[], onRejected: (share: Rejected) => void): Promise<Bytes> {
  const set = await openShareSet(files)
  try {
    set.rejected.forEach(onRejected)
    const ends = set.info.sealed
    const parts: Bytes[] = ends ? [ends.head] : []
    for await (const chunk of decodeShares(set, onRejected)) parts.push(chunk)
    return concat(...parts, ...(ends ? [ends.foot] : []))
  } finally {
    await Promise.all(set.shares.map((share) => share.close()))
  }
}

/** The result, or the code of the error; of the cause where the error is the one that says no more than that. */
async function outcome<T>(run: () => Promise<T>): Promise<T | string> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof BaseError)) throw error
    return error.code === 'OPEN' && error.cause instanceof BaseError ? error.cause.code : error.code
  }
}

/** Pieces of a length that divides nothing. */
async function* pieces(bytes: Bytes): AsyncGenerator<Bytes> {
  for (let at = 0; at < bytes.length; at += 997) yield bytes.subarray(at, at + 997)
}

function written(made: Vectors): { name: string; text: string }[] {
  const all = Object.entries(made).map(([name, vector]) => ({ name, text: formatVector(vector) }))
  return all.toSorted(byName)
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)
