import { readFile } from 'node:fs/promises'
import { expect } from 'chai'
import { groups } from './parsers/index.ts'

/** Functions that are named like parsers and need no target, each with its reason. */
const others: Readonly<Record<string, string>> = {
  readBook: 'asks the chain; what a leaf of the book says, parseBookLeaf reads',
  readHeader: 'asks key nodes and compares a hash; what they give, parseKeyHeader reads',
  readPass: 'signs a ticket; nobody sends it anything',
}

const isNamed = (name: string) => /^(?:read|parse|decode)(?:[A-Z]|$)/.test(name)

/** Whatever the SDK offers under a name of a parser. */
async function parsers(): Promise<ReadonlyMap<string, unknown>> {
  const sdk = JSON.parse(await readFile(new URL('../../sdk/package.json', import.meta.url), 'utf8')) as {
    exports: Readonly<Record<string, unknown>>
  }
  const found = new Map<string, unknown>()
  for (const entry of Object.keys(sdk.exports)) {
    const module = (await import(`@sharewell/sdk${entry.slice(1)}`)) as Readonly<Record<string, unknown>>
    for (const [name, value] of Object.entries(module))
      if (isNamed(name) && typeof value === 'function') found.set(name, value)
  }
  return found
}

describe('every parser that the SDK offers', function () {
  this.timeout(60_000)
  let offered: ReadonlyMap<string, unknown>
  let driven: (name: string) => boolean
  before(async () => {
    offered = await parsers()
    const made = await Promise.all(Object.values(groups).map(({ of }) => of()))
    const targets = made.flatMap((group) => Object.values(group))
    driven = (name) => targets.some(({ isFor }) => isFor(name, offered.get(name)))
  })

  it('is driven with foreign bytes, but for those that read none', () => {
    expect(offered.size).to.be.greaterThan(40)
    const left = [...offered.keys()].filter((name) => !driven(name))
    expect(left.toSorted()).to.deep.equal(Object.keys(others).toSorted())
  })
})
