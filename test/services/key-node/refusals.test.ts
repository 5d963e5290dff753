import { readFile } from 'node:fs/promises'
import { decisions } from '@sharewell/sdk/chain'
import { expect } from 'chai'
import { type RefusalCode, RefusalError, refusals } from '../../../services/key-node/src/refusals.ts'

const testsRoot = new URL('../../', import.meta.url)
const pageOf = (path: string) => readFile(new URL(`../docs/${path}`, testsRoot), 'utf8')

describe('the published list of refusals', () => {
  it('names every code with its status and words', async () => {
    const page = await pageOf('spec/key-node.md')
    const rows = page.split('\n').filter((line) => /^\| [A-Z_]+ \|/.test(line))
    const published = rows.map((row) => row.split('|').map((cell) => cell.trim()))
    const table = published.map(([, code, , status, says, hint]) => [code, { status: Number(status), says, hint }])
    expect(Object.fromEntries(table)).to.deep.equal(refusals)
  })

  it('has a code for each refusal of the consent registry', () => {
    for (const code of decisions.filter((one) => one !== 'PERMIT')) expect(refusals).to.have.property(code)
  })

  it('says what it publishes, and what to do', () => {
    for (const [refusal, { says, hint }] of Object.entries(refusals)) {
      const error = new RefusalError({ refusal: refusal as RefusalCode })
      expect(error.message).to.include(says)
      expect(error.hints).to.deep.equal([hint])
    }
  })
})

describe('the published list of attacks', () => {
  const folders: Readonly<Record<string, string>> = { K: 'services/key-node', F: 'sdk/flow' }

  it('names tests that there are, each of which speaks of the codes beside it', async () => {
    const page = await pageOf('spec/key-node.md')
    const [, section = ''] = page.split('\n## Attacks\n')
    const rows = (section.split('\n## ')[0] ?? '')
      .split('\n')
      .filter((line) => /^\| .*`[^`]+\.test\.ts`|adversaries/.test(line))
    expect(rows.length).to.be.greaterThan(20)
    for (const row of rows) {
      const [, , stops = '', tests = ''] = row.split('|')
      const files = [...tests.matchAll(/(?:\*([KF])\* )?`([^`]+)`/g)]
      let folder = ''
      const paths = files.map(([, mark, name]) => {
        folder = mark ? `${folders[mark]}/` : files.length > 1 ? folder : ''
        return `${folder}${name}`
      })
      const text = (await Promise.all(paths.map((file) => readFile(new URL(file, testsRoot), 'utf8')))).join()
      for (const [code] of stops.matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b|\b(?:WRAP|QUORUM|REVOKED)\b/g))
        expect(text.includes(code) || text.includes(classOf(code)), `${code} in ${paths}`).to.equal(true)
    }
  })

  /** A code's error class, where a test asks for that. */
  const classOf = (code: string) =>
    `${code.toLowerCase().replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Error`
})
