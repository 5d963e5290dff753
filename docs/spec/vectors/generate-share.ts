import { type Bytes, concat, toHex } from '@sharewell/sdk/bytes'
import { sha256 } from '@sharewell/sdk/primitives'
import { encodeChunk, type Policy, tableCode } from '@sharewell/sdk/share'
import { bytesFrom, randomFrom, type Vector, type Vectors, whenRun, writeVectors } from './vector.ts'

/** The policies whose known answers fix the code; see docs/spec/share.md. */
const knownPolicies = [
  [5, 3, 0],
  [5, 3, 1],
  [20, 10, 0],
  [33, 5, 2],
  [100, 50, 10],
  [255, 100, 0],
  [300, 150, 0],
  [300, 150, 20],
  [1000, 500, 0],
] as const

const rowBytes = 64

/** D row j, byte b = (17 j + 31 b + ((j b) >> 3) + 5) & 255. */
const knownRow = (j: number): Bytes =>
  Uint8Array.from({ length: rowBytes }, (_, b) => (17 * j + 31 * b + ((j * b) >> 3) + 5) & 255)

function known(policy: Policy): Vector {
  const shares = tableCode.encode(
    policy,
    Array.from({ length: policy.t }, (_, j) => knownRow(j)),
  )
  return {
    comment:
      'Rows of 64 bytes, D row j byte b = (17j + 31b + ((j*b)>>3) + 5) & 255; SHA-256 over shares 0..n-1 joined.',
    expect: 'success',
    kind: 'rows',
    ...policy,
    rowLength: rowBytes,
    sha256: toHex(sha256(concat(...shares))),
    lastShareStart: toHex((shares.at(-1) as Bytes).subarray(0, 4)),
  }
}

const chunk = bytesFrom('sealed chunk', 100)

function split(comment: string, policy: Policy): Vector {
  const random = bytesFrom('random rows', 512)
  const parts = encodeChunk(policy, chunk, { random: randomFrom(random) })
  return {
    comment,
    expect: 'success',
    kind: 'split',
    ...policy,
    chunk: toHex(chunk),
    random: toHex(random),
    parts: parts.map(toHex),
  }
}

type Part = { readonly index: number; readonly body: Bytes }

function combine(
  comment: string,
  expect: string,
  policy: Policy,
  choose: (parts: Part[]) => Part[],
  length = 100,
): Vector {
  const bodies = encodeChunk(policy, chunk, { random: randomFrom(bytesFrom('random rows', 512)) })
  const parts = choose(bodies.map((body, index) => ({ index, body })))
  return {
    comment,
    expect,
    kind: 'combine',
    ...policy,
    chunkLength: length,
    parts: parts.map(({ index, body }) => ({ index, body: toHex(body) })),
    ...(expect === 'success' ? { chunk: toHex(chunk) } : {}),
  }
}

const refusedPolicy = (comment: string, n: number, t: number, r: number): Vector => ({
  comment,
  expect: 'POLICY',
  kind: 'policy',
  n,
  t,
  r,
})

const standard = { n: 5, t: 3, r: 0 }
const ramp = { n: 9, t: 6, r: 3 }
const shamir = { n: 5, t: 3, r: 2 }
const pick =
  (...indices: number[]) =>
  (parts: Part[]) =>
    indices.map((i) => parts[i] as Part)

/** Every scenario of docs/spec/share.md that concerns the code. */
export function shareVectors(): Vectors {
  return {
    ...Object.fromEntries(knownPolicies.map(([n, t, r]) => [`known-${n}-${t}-${r}`, known({ n, t, r })])),
    'split-standard': split('Reed-Solomon: shares 0..2 are the data rows.', standard),
    'split-ramp': split('Three data rows, three random rows: no share is a row of either.', ramp),
    'split-shamir': split('One data row: every share is as long as the chunk.', shamir),
    'combine-data': combine('All data shares of r = 0: a concatenation.', 'success', standard, pick(0, 1, 2)),
    'combine-mixed': combine('One data share and two others, out of order.', 'success', standard, pick(4, 1, 3)),
    'combine-ramp': combine('The last six of nine.', 'success', ramp, pick(3, 4, 5, 6, 7, 8)),
    'combine-more': combine('All nine; six are used.', 'success', ramp, (parts) => parts),
    'combine-shamir': combine('Three of five.', 'success', shamir, pick(4, 0, 2)),
    'combine-too-few': combine('Two where three are needed.', 'TOO_FEW_SHARES', standard, pick(0, 4)),
    'combine-none': combine('Nothing arrived.', 'TOO_FEW_SHARES', standard, pick()),
    'combine-twice': combine('Share 1 stands twice.', 'PART', standard, pick(0, 1, 1)),
    'combine-unknown': combine('There is no share 5 of 5.', 'PART', standard, ([a, b, c]) => [
      a as Part,
      b as Part,
      { index: 5, body: (c as Part).body },
    ]),
    'combine-cut': combine('A part lacks its last byte.', 'PART', standard, ([a, b, c]) => [
      a as Part,
      b as Part,
      { index: 2, body: (c as Part).body.slice(0, -1) },
    ]),
    'combine-padding': combine('The zeros behind the chunk came out as others.', 'PART', standard, ([a, b, c]) => [
      a as Part,
      b as Part,
      { index: 2, body: (c as Part).body.map((byte) => byte ^ 1) },
    ]),
    'combine-length': combine('The chunk cannot have that length.', 'PART', standard, pick(0, 1, 2), 500),
    'policy-t-above-n': refusedPolicy('More needed than there are.', 5, 6, 0),
    'policy-r-equals-t': refusedPolicy('Nothing is left for data.', 5, 3, 3),
    'policy-no-threshold': refusedPolicy('Zero shares rebuild nothing.', 5, 0, 0),
    'policy-too-many-rows': refusedPolicy('More than 1024 data rows.', 2000, 1025, 0),
    'policy-too-many-shares': refusedPolicy('Beyond the points of GF(2^16).', 65_534, 3, 1),
  }
}

whenRun(import.meta.url, () => writeVectors('share', shareVectors()))
