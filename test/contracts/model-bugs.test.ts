import { expect } from 'chai'
import { bugs } from './model/bugs.ts'
import { compare } from './model/compare.ts'
import { compileBugs } from './model/compile.ts'
import type { Artifact } from './model/deployment.ts'

describe('ConsentRegistry with a bug and the model of its specification differ once', () => {
  let artifacts: Artifact[]
  before(async function () {
    this.timeout(240_000)
    artifacts = await compileBugs(bugs)
  })
  for (const [i, { bug, seed }] of bugs.entries()) {
    it(bug, async function () {
      this.timeout(600_000)
      const { difference } = await compare({ seed, steps: 10_000, registry: artifacts[i] })
      expect(difference).not.to.equal(undefined)
    })
  }
})
