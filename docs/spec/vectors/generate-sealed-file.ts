import { type Bytes, concat, toHex } from '@sharewell/sdk/bytes'
import { sha256 } from '@sharewell/sdk/primitives'
import { seal } from '@sharewell/sdk/seal'
import { formatKeyFile } from '../../../cli/src/files/key-file.ts'
import { writeSealedFile } from '../../../cli/src/files/sealed-file.ts'
import { splitSource } from '../../../cli/src/files/split-source.ts'
import { writeShares } from '../../../cli/src/files/write-shares.ts'
import { bytesFrom, randomFrom, type Vector, type Vectors, whenRun, writeVectors } from './vector.ts'

const plain = bytesFrom('file', 100)

async function collect(source: AsyncIterable<Bytes> | Iterable<Bytes>): Promise<Bytes> {
  const parts: Bytes[] = []
  for await (const part of source) parts.push(part)
  return concat(...parts)
}

async function* once(bytes: Bytes): AsyncGenerator<Bytes> {
  yield bytes
}

/** A sealed file with its key file. */
async function sealed(seed: string): Promise<{ readonly file: Bytes; readonly key: string }> {
  const random = randomFrom(bytesFrom(seed, 64))
  const recordId = bytesFrom('record of a file', 32)
  const made = seal([plain], { recordId, version: 1, mime: 'text/plain', chunkLog2: 16, random })
  return { file: await collect(writeSealedFile(made)), key: formatKeyFile(made.dek, 'labs.txt.sealed') }
}

/** The share files of a file. */
async function shares(file: Bytes, policy: { n: number; t: number; r: number }, seed: string): Promise<Bytes[]> {
  const parts: Bytes[][] = Array.from({ length: policy.n }, () => [])
  const outputs = parts.map((list) => ({
    write: async (bytes: Uint8Array) => {
      list.push(new Uint8Array(bytes))
    },
  }))
  const source = await splitSource(once(file), { name: 'file', size: file.length, policy })
  await writeShares(source, policy, outputs, { random: randomFrom(bytesFrom(seed, 1 << 18)) })
  return parts.map((list) => concat(...list))
}

/** One bit of the byte at `at` differs; from the end when negative. */
function flipped(bytes: Bytes, at: number): Bytes {
  const altered = bytes.slice()
  const place = at < 0 ? bytes.length + at : at
  altered[place] = (altered[place] as number) ^ 1
  return altered
}

/** Every scenario of docs/spec/sealed-file.md#sealed-file. */
export async function sealedFileVectors(): Promise<Vectors> {
  const { file, key } = await sealed('sealed file')
  const other = await sealed('another sealed file')
  const opening = (comment: string, expect: string, change: { file?: Bytes; key?: string } = {}): Vector => ({
    comment,
    expect,
    sealed: toHex(change.file ?? file),
    keyFile: change.key ?? key,
  })
  const longKey = key.trim().split('\n').at(-1) ?? ''
  return {
    success: { ...opening('A file of 100 bytes.', 'success'), plain: toHex(plain), mime: 'text/plain' },
    'key-alone': opening('The key without its comment, in a file with CR LF.', 'success', { key: `${longKey}\r\n` }),
    'not-sealed': opening('Some other file.', 'NOT_SEALED', { file: bytesFrom('some other file', 200) }),
    'wrong-key': opening('The key of another sealed file.', 'KEY_MISMATCH', { key: other.key }),
    'no-key': opening('A key file without a key.', 'KEY_FILE', { key: '# nothing\n' }),
    'two-keys': opening('A key file with two keys.', 'KEY_FILE', { key: key + other.key }),
    'short-key': opening('A key of 31 bytes.', 'KEY_FILE', { key: longKey.slice(0, -2) }),
    'header-missing': opening('The file ends inside its header.', 'DAMAGED_FILE', { file: file.slice(0, 40) }),
    'header-flipped': opening('One bit of the seal header differs.', 'DAMAGED_FILE', { file: flipped(file, 30) }),
    'end-missing': opening('The last byte is missing.', 'DAMAGED_FILE', { file: file.slice(0, -1) }),
    'chunk-flipped': opening('One bit of the data chunk differs.', 'CHUNK', { file: flipped(file, 1000) }),
    'byte-missing': opening('A byte of the data chunk is missing.', 'CHUNK', {
      file: concat(file.slice(0, 1000), file.slice(1001)),
    }),
    'root-flipped': opening('One bit of contentRoot differs.', 'DAMAGED_FILE', { file: flipped(file, -69) }),
    'commitment-flipped': opening('One bit of ptCommit differs.', 'COMMITMENT', { file: flipped(file, -20) }),
    'trailing-byte': opening('A byte follows the end.', 'DAMAGED_FILE', { file: concat(file, Uint8Array.of(0)) }),
  }
}

/** Every scenario of docs/spec/sealed-file.md#share-files. */
export async function shareFileVectors(): Promise<Vectors> {
  const { file } = await sealed('sealed file')
  const ofSealed = await shares(file, { n: 3, t: 2, r: 1 }, 'shares')
  const again = await shares(file, { n: 3, t: 2, r: 1 }, 'shares once more')
  const ofPlain = await shares(plain, { n: 3, t: 2, r: 1 }, 'shares of a plain file')
  const combining = (
    comment: string,
    expect: string,
    files: readonly (Bytes | undefined)[],
    rejected: number[] = [],
  ) => ({
    comment,
    expect,
    shares: files.map((each) => toHex(each ?? concat())),
    rejected,
  })
  const [first, second, third] = ofSealed as [Bytes, Bytes, Bytes]
  const whole = (vector: Vector, content: Bytes): Vector => ({ ...vector, digest: toHex(sha256(content)) })
  return {
    sealed: whole(combining('Two of three shares of a sealed file, r = 1.', 'success', [third, first]), file),
    plain: whole(combining('Two of three shares of a plain file, r = 1: Shamir.', 'success', ofPlain.slice(1)), plain),
    'row-flipped': whole(
      combining(
        'One bit of a row differs; a third share takes its place.',
        'success',
        [flipped(first, 200), second, third],
        [0],
      ),
      file,
    ),
    'cut-short': whole(
      combining('A share lacks its last byte.', 'success', [first.slice(0, -1), second, third], [0]),
      file,
    ),
    'index-changed': whole(
      combining('A share claims another number.', 'success', [flipped(first, indexPlace(first)), second, third], [0]),
      file,
    ),
    'digest-flipped': whole(
      combining('One bit of the digests of the rows differs.', 'success', [digestFlipped(first), second, third], [0]),
      file,
    ),
    foreign: whole(
      combining('A share of another split of the same file.', 'success', [again[0], second, third], [0]),
      file,
    ),
    twice: whole(combining('A share is there twice.', 'success', [first, first, second], [1]), file),
    'too-few': combining('One share where two are needed.', 'MISSING_SHARES', [first]),
    'too-few-good': combining('Two shares, one of them altered.', 'MISSING_SHARES', [flipped(first, 200), second], [0]),
    mixed: combining('One share of each of two splits.', 'MIXED_SHARES', [first, again[1]]),
    'no-shares': combining('No share at all.', 'NO_SHARES', [plain, file], [0, 1]),
    forged: combining(
      'A share of a plain file with a row of zeros and the digests that belong to it.',
      'INCONSISTENT_SHARES',
      [await forged(ofPlain[0] as Bytes), ofPlain[1]],
    ),
  }
}

/** Where the front says the share's number. */
function indexPlace(share: Bytes): number {
  return Buffer.from(share).indexOf('eindex', 0, 'latin1') + 6
}

/** The digests stand before the root, the info and the end; the info starts with its map of fields. */
function infoPlace(share: Bytes): number {
  return share.length - 9 - Buffer.from(share).readUInt32BE(share.length - 9)
}

function digestFlipped(share: Bytes): Bytes {
  return flipped(share, infoPlace(share) - 40)
}

async function forged(share: Bytes): Promise<Bytes> {
  const { rootOf } = await import('../../../cli/src/files/share-file.ts')
  const info = infoPlace(share)
  // Two rows, of the 100 bytes and of their digest: 128 and 32 bytes.
  const [rowsAt, leavesAt] = [info - 32 - 64 - 160, info - 32 - 64]
  const rows = concat(new Uint8Array(128), share.slice(rowsAt + 128, leavesAt))
  const leaves = concat(sha256(rows.slice(0, 128)), sha256(rows.slice(128)))
  return concat(share.slice(0, rowsAt), rows, leaves, rootOf(leaves, 0), share.slice(info))
}

const [files, sets] = [await sealedFileVectors(), await shareFileVectors()]
whenRun(import.meta.url, () => {
  writeVectors('sealed-file', files)
  writeVectors('share-file', sets)
})
