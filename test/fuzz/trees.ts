import { bittenText, type Random } from './random.ts'

/** JSON, or what CBOR holds beside it: bytes and large integers. */
export type Tree =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Tree[]
  | { readonly [key: string]: Tree }

const nested = (depth: number): Tree => (depth === 0 ? [] : [nested(depth - 1)])
/** An object with a key that careless code takes for its prototype. */
const polluted = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}') as Tree

/** Values that parsers stumble over. */
const hostile: readonly Tree[] = [
  null,
  // Careless code turns it into text, and throws what it did not mean to.
  { toString: 1 },
  'toString',
  '__proto__',
  true,
  false,
  0,
  -0,
  -1,
  0.5,
  255,
  256,
  65_536,
  2 ** 31,
  2 ** 32,
  2 ** 40,
  2 ** 53 - 1,
  2 ** 53,
  -(2 ** 53),
  1e308,
  '',
  '0x',
  '0x0',
  `0x${'0'.repeat(64)}`,
  `0x${'f'.repeat(64)}`,
  `0x${'F'.repeat(40)}`,
  '0xzz',
  '-1',
  '1e99',
  '9'.repeat(100),
  'NaN',
  '__proto__',
  'constructor',
  'toString',
  'null',
  '../../etc/passwd',
  '%00',
  'a\u0000b',
  '\ud800',
  'A\u030a',
  '\u202e',
  'x'.repeat(3_000),
  [],
  {},
  [null],
  [[]],
  nested(20),
  nested(60),
  polluted,
  Array.from({ length: 400 }, (_, at) => at),
]

/** A copy, so that what is bitten later is not the list itself. */
const hostileOne = (random: Random): Tree => structuredClone(random.pick(hostile)) as Tree

type Spot = { readonly parent: Tree[] | Record<string, Tree>; readonly key: string | number }

/** Where a tree can be bitten. */
function spots(tree: Tree, found: Spot[] = []): Spot[] {
  if (typeof tree !== 'object' || tree === null || tree instanceof Uint8Array) return found
  for (const key of Object.keys(tree)) {
    const parent = tree as Record<string, Tree>
    found.push({ parent, key })
    spots(parent[key] as Tree, found)
  }
  return found
}

/** A copy of a valid tree with one to three of its values, keys or branches exchanged. */
export function bittenTree(corpus: readonly Tree[], random: Random): Tree {
  const tree = structuredClone(random.pick(corpus)) as Tree
  if (random.once(30)) return hostileOne(random)
  for (let count = 1 + (random.once(3) ? random.below(3) : 0); count > 0; count -= 1) {
    const all = spots(tree)
    if (all.length === 0) return hostileOne(random)
    biteAt(random.pick(all), all, random)
  }
  return tree
}

function biteAt({ parent, key }: Spot, all: readonly Spot[], random: Random): void {
  const at = parent as Record<string, Tree>
  const value = at[key] as Tree
  switch (random.below(6)) {
    case 0:
      if (Array.isArray(parent)) parent.splice(Number(key), 1)
      else delete at[key]
      return
    case 1:
      at[random.pick(['__proto__x', 'extra', `${key} `, ''])] = value
      return
    case 2: {
      const other = random.pick(all)
      at[key] = structuredClone((other.parent as Record<string, Tree>)[other.key] as Tree)
      return
    }
    case 3:
      at[key] = bittenLeaf(value, random)
      return
    default:
      at[key] = hostileOne(random)
  }
}

function bittenLeaf(value: Tree, random: Random): Tree {
  if (typeof value === 'string') return bittenText([value], random)
  if (typeof value === 'number') return value + random.pick([-1, 1, 0.5, 2 ** 32, -(2 ** 32)])
  if (value instanceof Uint8Array)
    return random.bytes(random.pick([0, 1, value.length + 1, Math.max(0, value.length - 1)]))
  if (Array.isArray(value)) return [...value, ...value]
  return hostileOne(random)
}
