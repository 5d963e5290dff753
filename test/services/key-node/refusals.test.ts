import { readFile } from 'node:fs/promises'
import { decisions } from '@sharewell/sdk/chain'
import { expect } from 'chai'
import { type RefusalCode, RefusalError, refusals } from '../../../services/key-node/src/refusals.ts'

describe('the published list of refusals', () => {
  it('names every code with its status and words', async () => {
    const page = await readFile(new URL('../../../docs/spec/key-node.md', import.meta.url), 'utf8')
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
