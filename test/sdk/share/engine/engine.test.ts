import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { concat, toHex } from '@sharewell/sdk/bytes'
import { sha256 } from '@sharewell/sdk/primitives'
import { createKernelCode, decodeChunk, encodeChunk, type KernelCode, tableCode } from '@sharewell/sdk/share'
import { expect } from 'chai'
import fc from 'fast-check'
import { kernelBuilds } from '../../../../sdk/src/share/engine/kernel.ts'
import type { Path } from '../../../../sdk/src/share/engine/plan.ts'
import { smallPolicies, subsets } from '../../../helpers/code-rank.ts'
import { firstDifference, partsOf, randomRows, sameRows } from '../../../helpers/share-code.ts'
import { vectors } from '../../../helpers/vectors.ts'

type Known = {
  readonly n: number
  readonly t: number
  readonly r: number
  readonly rowLength: number
  readonly sha256: string
}

const paths = ['dense', 'few', 'transform', undefined] as const
const named = (path: Path | undefined) => path ?? 'the path of the rule'
const code = (options: createKernelCode.Options): KernelCode => {
  const made = createKernelCode(options)
  if (!made) throw new Error('This Node runs no kernels.')
  return made
}

for (const build of kernelBuilds)
  describe(`the ${build} kernels of the share code`, () => {
    for (const path of paths) {
      const engine = code({ build, path })

      it(`give the known answers by ${named(path)}`, () => {
        for (const { name, n, t, r, ...known } of vectors<Known>('share')) {
          // Dense matrices of the largest one take seconds and show nothing that the next one does not.
          if (!name.startsWith('known-') || (path === 'dense' && n > 300)) continue
          const rows = Array.from({ length: t }, (_, j) =>
            Uint8Array.from({ length: known.rowLength }, (_, b) => (17 * j + 31 * b + ((j * b) >> 3) + 5) & 255),
          )
          expect(toHex(sha256(concat(...engine.encode({ n, t, r }, rows)))), name).to.equal(known.sha256)
        }
      })

      it(`give what the plain engine gives by ${named(path)}, whatever is lost`, () => {
        const policies = fc
          .tuple(fc.integer({ min: 1, max: 60 }), fc.nat(), fc.nat(), fc.boolean())
          .map(([n, a, b, plain]) => ({ n, t: 1 + (a % n), r: plain ? 0 : b % (1 + (a % n)) }))
        fc.assert(
          fc.property(policies, fc.integer({ min: 1, max: 40 }), (policy, groups) => {
            expect(firstDifference(engine, policy, 32 * groups)).to.equal(undefined)
          }),
          { numRuns: 25 },
        )
      })

      it(`rebuild by ${named(path)} from every t shares of every small policy`, () => {
        for (const policy of smallPolicies(5)) {
          const rows = randomRows(policy.t, 32)
          for (const parts of subsets(partsOf(engine.encode(policy, rows)), policy.t))
            expect(sameRows(engine.decode(policy, parts), rows.slice(0, policy.t - policy.r))).to.equal(true)
        }
      })
    }

    it('give what the plain engine gives over the larger field, one and two bytes a constant', () => {
      for (const path of paths)
        for (const [n, t, r] of [
          [260, 20, 0],
          [300, 9, 7],
          [300, 280, 0],
          [270, 40, 30],
        ] as const)
          expect(firstDifference(code({ build, path }), { n, t, r }, 96), named(path)).to.equal(undefined)
    })
  })

describe('the engine of the share code', () => {
  it('rebuilds at the largest sizes a policy may have', () => {
    const engine = code({})
    for (const [n, t, r] of [
      [65_000, 3, 1],
      [65_000, 500, 0],
      [4000, 1024, 0],
      [9000, 8000, 7000],
    ] as const) {
      const rows = randomRows(t, 32)
      const parts = partsOf(engine.encode({ n, t, r }, rows))
      const some = parts.filter(({ index }) => index % 2 === n % 2)
      const left = (some.length < t ? parts : some).slice(-t)
      expect(sameRows(engine.decode({ n, t, r }, left), rows.slice(0, t - r)), `${n}, ${t}, ${r}`).to.equal(true)
    }
  })

  it('has random rows drawn where it needs them, each byte of every piece', () => {
    const numbered = (r: number) => (room: Uint8Array) => {
      const stride = room.length / r
      for (let i = 0; i < r; i++) room.fill(i + 1, i * stride, (i + 1) * stride)
    }
    for (const path of ['dense', 'transform'] as const)
      for (const [n, t, r, length] of [
        [5, 3, 2, 32],
        [20, 10, 9, 40_000],
        [24, 12, 3, 100_000],
        [270, 20, 19, 32_000],
      ] as const) {
        const policy = { n, t, r }
        const data = randomRows(t - r, length)
        const masks = Array.from({ length: r }, (_, i) => new Uint8Array(length).fill(i + 1))
        const engine = code({ path })
        // What the call before has left must not come through.
        engine.encode(policy, randomRows(t, length))
        const drawn = randomRows(n, length)
        engine.encodeDrawn?.(policy, data, drawn, numbered(r))
        expect(sameRows(drawn, engine.encode(policy, [...data, ...masks])), `${n} by ${path}`).to.equal(true)
      }
  })

  it('has them drawn for the plain engine too', () => {
    const policy = { n: 5, t: 3, r: 2 }
    const data = randomRows(1, 33)
    const masks = [0, 1].map(() => new Uint8Array(33).fill(90))
    const drawn = randomRows(5, 33)
    code({}).encodeDrawn?.(policy, data, drawn, (room) => room.fill(90))
    expect(sameRows(drawn, tableCode.encode(policy, [...data, ...masks]))).to.equal(true)
  })

  it('cuts long rows into pieces without a seam', () => {
    const policy = { n: 5, t: 3, r: 1 }
    const length = 32 * 50_001
    const rows = randomRows(3, length)
    const shares = code({ build: 'plain' }).encode(policy, rows)
    // Column by column the code is the same: two cuts of the rows, coded alone, are the same cut of the shares.
    for (const [from, until] of [
      [length - 96, length],
      [349_408, 349_664],
    ] as const) {
      const cut = tableCode.encode(
        policy,
        rows.map((row) => row.slice(from, until)),
      )
      expect(
        sameRows(
          shares.map((share) => share.subarray(from, until)),
          cut,
        ),
      ).to.equal(true)
    }
    expect(sameRows(code({}).decode(policy, partsOf(shares).slice(2)), rows.slice(0, 2))).to.equal(true)
  })

  it('computes into rows that the caller has', () => {
    const engine = code({})
    const policy = { n: 20, t: 10, r: 0 }
    const rows = randomRows(10, 64)
    const shares = tableCode.encode(policy, rows)
    const outputs = randomRows(10, 64)
    engine.encodeInto(policy, rows, outputs)
    expect(sameRows(outputs, shares.slice(10))).to.equal(true)
    const lost = randomRows(2, 64)
    engine.decodeInto(
      policy,
      partsOf(shares)
        .filter(({ index }) => index !== 2 && index !== 7)
        .slice(0, 10),
      lost,
    )
    expect(sameRows(lost, [rows[2], rows[7]] as Uint8Array[])).to.equal(true)
  })

  it('leaves the rows it is given as they were', () => {
    const policy = { n: 40, t: 20, r: 4 }
    const rows = randomRows(20, 128)
    const before = rows.map((row) => row.slice())
    const parts = partsOf(code({}).encode(policy, rows)).slice(5, 25)
    const bodies = parts.map(({ body }) => body.slice())
    code({}).decode(policy, parts)
    expect(sameRows(rows, before)).to.equal(true)
    expect(
      sameRows(
        parts.map(({ body }) => body),
        bodies,
      ),
    ).to.equal(true)
  })

  it('serves chunks as the plain engine does', () => {
    const policy = { n: 9, t: 6, r: 3 }
    const chunk = Uint8Array.from({ length: 1000 }, (_, i) => i)
    const random = (length: number) => new Uint8Array(length).fill(7)
    const parts = encodeChunk(policy, chunk, { random })
    expect(sameRows(parts, encodeChunk(policy, chunk, { random, code: tableCode }))).to.equal(true)
    expect(decodeChunk(policy, partsOf(parts).slice(3), 1000)).to.deep.equal(chunk)
  })
})

describe('the engine of the share code in workers', () => {
  it('gives the same bytes in threads at the same time, each with an engine of its own', async () => {
    const share = new URL('../../../../sdk/src/share/index.ts', import.meta.url).href
    const work = `
      const { parentPort } = require('node:worker_threads')
      parentPort.once('message', async ({ policy, rows }) => {
        const { fastestCode, tableCode } = await import('${share}')
        const shares = fastestCode().encode(policy, rows)
        const parts = shares.map((body, index) => ({ index, body })).slice(-policy.t)
        parentPort.postMessage({ kernels: fastestCode() !== tableCode, shares, data: fastestCode().decode(policy, parts) })
      })`
    const policy = { n: 40, t: 20, r: 4 }
    const rows = randomRows(20, 32 * 999)
    const answers = await Promise.all(
      [0, 1].map(async () => {
        const worker = new Worker(work, { eval: true })
        const answer = once(worker, 'message')
        worker.postMessage({ policy, rows })
        const [given] = await answer
        await worker.terminate()
        return given as { kernels: boolean; shares: Uint8Array[]; data: Uint8Array[] }
      }),
    )
    const expected = tableCode.encode(policy, rows)
    for (const { kernels, shares, data } of answers)
      expect([kernels, sameRows(shares, expected), sameRows(data, rows.slice(0, 16))]).to.deep.equal([true, true, true])
  })
})

describe('the engine of the share code, where it cannot run', () => {
  const policy = { n: 20, t: 10, r: 0 }

  it('takes the plain build where relaxed SIMD is not valid, and none where no SIMD is', () => {
    const seen: number[] = []
    const second = createKernelCode({ validate: (module) => seen.push(module.length) > 1 })
    expect(second?.build).to.equal('plain')
    expect(createKernelCode({ validate: () => false })).to.equal(undefined)
    expect(createKernelCode({ build: 'plain', validate: () => true })?.build).to.equal('plain')
  })

  it('makes none where the host has no memory for it', () => {
    expect(createKernelCode({ memoryLimit: 65_536 })).to.equal(undefined)
  })

  it('refuses to grow its memory beyond the limit, and the plain engine serves', () => {
    const engine = code({ memoryLimit: 4 * 65_536 })
    expect(firstDifference(engine, policy, 32 * 2000)).to.equal(undefined)
    expect(engine.memoryLength()).to.be.at.most(4 * 65_536)
    const rows = randomRows(10, 32 * 2000)
    const outputs = randomRows(10, 32 * 2000)
    engine.encodeInto(policy, rows, outputs)
    expect(sameRows(outputs, tableCode.encode(policy, rows).slice(10))).to.equal(true)
    const lost = randomRows(10, 32 * 2000)
    engine.decodeInto(
      policy,
      outputs.map((body, i) => ({ index: 10 + i, body })),
      lost,
    )
    expect(sameRows(lost, rows)).to.equal(true)
  })

  it('uses no more memory for long rows than for short ones', () => {
    const engine = code({})
    const used = (length: number) => {
      engine.encode(policy, randomRows(10, length))
      return engine.memoryLength()
    }
    expect(used(2 ** 19)).to.equal(used(2 ** 21))
    expect(engine.memoryLength()).to.be.at.most(4 * 2 ** 20)
  })

  it('leaves rows of no whole groups, or of several lengths, to the plain engine', () => {
    expect(firstDifference(code({}), policy, 33)).to.equal(undefined)
    const rows = [...randomRows(9, 64), new Uint8Array(32)]
    expect(sameRows(code({}).encode(policy, rows), tableCode.encode(policy, rows))).to.equal(true)
  })
})
