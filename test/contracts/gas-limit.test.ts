import { expect } from 'chai'
import { question } from './consent-world.ts'
import { ethers, kind, nameOf, networkHelpers, none16, random16, random32 } from './fixture.ts'
import { forNurse, fourLevels } from './groups-world.ts'

describe('gas of the longest decision', () => {
  it('looks at 644 slots at most, in one call', async () => {
    const world = await networkHelpers.loadFixture(fourLevels)
    const { consents, actors, others, nurse, forWard, ward, until } = world
    const four = 0b1111
    await actors.connect(forWard).attest(nurse, ward, four, until, random32())
    for (const account of others.slice(4, 11)) {
      let [id, parent] = [none16, none16]
      for (const level of [1, 2, 3, 4]) {
        ;[id, parent] = [random16(), id]
        const speaker = level === 4 ? account.address : ethers.Wallet.createRandom().address
        await actors.registerOrganization(id, kind.department, parent, speaker, random32())
      }
      await actors.connect(account).attest(nurse, id, four, until, random32())
    }
    const asked = question(world, forNurse(world, { salt: random32() }))
    // 8 affiliations, 4 levels, the organization and 4 roles, and the person: each salted and bare, narrow and wide.
    const [code] = await consents.decide(asked, { gasLimit: 3_500_000 })
    expect(nameOf(code)).to.equal('no consent')
    await expect(consents.decide(asked, { gasLimit: 644 * 2_100 })).to.be.revert(ethers)
  })
})
