import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { errorGroups } from '../../scripts/errors/groups.ts'
import { everyStatus } from '../../scripts/errors/services.ts'

describe('the page of errors', () => {
  it('explains each code that a service gives a status to, and says what to do about every code', async () => {
    const codes = (await errorGroups()).flatMap((group) => group.codes)
    expect(codes.map(({ code }) => code)).to.include.members(Object.keys(everyStatus()))
    for (const { code, todo, says, why } of codes) {
      expect(todo, code).not.to.deep.equal([])
      expect(`${says}${why}`, code).to.match(/\w{3}/)
    }
  })

  it('has an anchor for each code, once in its section', () => {
    const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
    for (const section of page.split('\n## ')) {
      const headings = section.match(/^### .*$/gm) ?? []
      expect(new Set(headings).size).to.equal(headings.length)
    }
  })
})
