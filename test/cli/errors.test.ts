import { glob, readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect } from 'chai'
import { explanations, nearestCodes } from '../../cli/src/explain/explanations.ts'

const root = path.join(import.meta.dirname, '../..')

describe('sharewell explain', () => {
  it('knows every code of the command line and of the SDK, and says why and what to do', async () => {
    const codes: string[] = []
    for await (const file of glob(['sdk/src/**/*.ts', 'cli/src/**/*.ts'], { cwd: root })) {
      const source = await readFile(path.join(root, file), 'utf8')
      codes.push(...[...source.matchAll(/class \w+ extends BaseError<'(\w+)'>/g)].map(([, code = '']) => code))
    }
    const known = new Map(explanations().map((one) => [one.code, one]))
    expect(codes.length).to.be.greaterThan(80)
    expect(codes.filter((code) => !known.has(code))).to.deep.equal([])
    expect(codes.filter((code) => known.get(code)?.why === '' || known.get(code)?.todo === '')).to.deep.equal([])
  })

  it('finds the nearest of a misspelt code, and none of a word that is like no code', () => {
    expect(nearestCodes('NO_CONSNT')[0]).to.equal('NO_CONSENT')
    expect(nearestCodes('consent_older')[0]).to.equal('ConsentOlder')
    expect(nearestCodes('x')).to.deep.equal([])
    expect(nearestCodes('y'.repeat(10_000))).to.deep.equal([])
  })
})
