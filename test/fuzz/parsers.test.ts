import { expect } from 'chai'
import { type Driven, long, target } from './drive.ts'
import { groups } from './parsers/index.ts'

describe('a parser of foreign bytes', function () {
  this.timeout(long ? 3_600_000 : 300_000)

  it('takes little time and memory for an input', async () => {
    const start = process.cpuUsage()
    const spent = () => Object.values(process.cpuUsage(start)).reduce((sum, one) => sum + one, 0)
    const busy = (): void => {
      for (const until = spent() + 3_100_000; spent() < until; );
    }
    const wasteful = { memory: [() => new Uint8Array(2 ** 28), ' bytes'], time: [busy, ' µs'] } as const
    for (const [name, [parse, words]] of Object.entries(wasteful)) {
      const error = await target({ make: () => 0, parse, codes: [] })
        .drive(name, 1)
        .catch((thrown: unknown) => thrown)
      expect(String(error)).to.contain(`${name}: input 0`).and.contain(words)
    }
  })

  for (const [group, { of, count }] of Object.entries(groups))
    describe(group, () => {
      let targets: Readonly<Record<string, Driven>>
      before(async () => {
        targets = await of()
      })

      it(`brings out typed errors alone, and each that it should: ${count} inputs a parser`, async () => {
        for (const [name, target] of Object.entries(targets)) {
          const { codes } = await target.drive(name, count)
          expect([...codes.keys()], name).to.include.members([...target.codes])
        }
      })

      it('does not get by with a mistake in a parser', async () => {
        for (const [name, target] of Object.entries(targets))
          for (const code of target.codes) {
            const error = await target.driveCareless(name, count, code).catch((thrown: unknown) => thrown)
            expect(error, `${name} ${code}`).to.be.instanceOf(Error)
            expect(String(error)).to.contain('TypeError').and.contain('SHAREWELL_SEED=')
          }
      })
    })
})
