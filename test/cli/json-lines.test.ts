import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect } from 'chai'

const root = path.join(import.meta.dirname, '../..')

describe('the page on --json', () => {
  it('names every type of line that the command line prints, and no other', async () => {
    const source = path.join(root, 'cli/src')
    const files = (await readdir(source, { recursive: true })).filter((file) => file.endsWith('.ts'))
    const texts = await Promise.all(files.map((file) => readFile(path.join(source, file), 'utf8')))
    const printed = texts.flatMap((text) => [
      ...[...text.matchAll(/\btype: '([a-z-]+)'/g)].map(([, type]) => type),
      ...[...text.matchAll(/\btype: \w+ \? '([a-z-]+)' : '([a-z-]+)'/g)].flatMap(([, one, other]) => [one, other]),
    ])
    const page = await readFile(path.join(root, 'docs/guide/cli-json.md'), 'utf8')
    const rows = [...page.matchAll(/^\| ((?:`[a-z-]+`(?:, )?)+) \|/gm)].map(([, cell = '']) => cell)
    const named = rows.flatMap((cell) => [...cell.matchAll(/`([a-z-]+)`/g)].map(([, type]) => type))
    const masks = ['purposes', 'categories']
    expect(new Set(named.filter((type) => !masks.includes(type ?? '')))).to.deep.equal(new Set(printed))
  })
})
