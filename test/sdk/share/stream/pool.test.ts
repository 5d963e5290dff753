import { execFile } from 'node:child_process'
import { randomBytes } from '@sharewell/sdk/primitives'
import { createSharePool, encodeChunk, type SharePool, type SplitWork } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { codeOf } from '../../../helpers/code-of.ts'
import { partsOf, randomRows, sameRows } from '../../../helpers/share-code.ts'
import { warm } from '../../../helpers/share-pool.ts'

const policy = { n: 9, t: 6, r: 3 }
const split = (chunk: SplitWork['chunk']): SplitWork => ({ kind: 'split', policy, chunk })
const dying = {
  base: import.meta.url,
  file: '../../../helpers/dying-thread.ts',
  web: () => new Worker(new URL('../../../helpers/dying-thread.ts', import.meta.url)),
}

describe('a pool of threads for the share code', function () {
  this.timeout(120_000)
  let pool: SharePool

  before(async () => {
    pool = createSharePool({ threads: 2, module: dying })
    await warm(pool)
  })

  after(() => pool.close())

  it('gives the bytes that this thread gives, several jobs at a time', async () => {
    const cases = [policy, { n: 5, t: 3, r: 0 }, { n: 3, t: 3, r: 2 }, { n: 300, t: 290, r: 0 }].flatMap((each) =>
      [1, 31, 100_000].map((length) => ({ policy: each, chunk: randomBytes(length) })),
    )
    await Promise.all(
      cases.map(async ({ policy, chunk }) => {
        const masks = randomRows(policy.r, 32 * Math.ceil(chunk.length / (32 * (policy.t - policy.r))))
        const rows = masks.values()
        const expected = encodeChunk(policy, chunk, { random: () => rows.next().value ?? new Uint8Array(0) })
        const done = await pool.run({ kind: 'split', policy, chunk, masks })
        expect(sameRows(done.shares, expected)).to.equal(true)
        const parts = partsOf(expected).slice(-policy.t)
        const joined = await pool.run({ kind: 'join', policy, parts, length: chunk.length })
        expect(sameRows([joined.chunk, joined.content], [chunk, done.content])).to.equal(true)
      }),
    )
  })

  it('moves arrays when told to, and copies them, or what is a part of a larger buffer, otherwise', async () => {
    const whole = randomBytes(1000)
    const part = new Uint8Array(Buffer.concat([whole, whole]).buffer, 0, 1000)
    const kept = part.slice()
    const copy = await pool.run(split(whole))
    expect(whole.length).to.equal(1000)
    await pool.run(split(part), { take: true })
    expect(sameRows([part], [kept])).to.equal(true)
    await pool.run(split(whole), { take: true })
    expect(whole.length).to.equal(0)
    for (const share of copy.shares) expect(share.buffer.byteLength).to.equal(share.length)
  })

  it('fails the job of a thread that dies, and that one alone, and goes on with another', async () => {
    const bad = new Uint8Array(500).fill(0xdd)
    const good = Array.from({ length: 6 }, () => randomBytes(500))
    const outcomes = await Promise.allSettled([bad, ...good].map((chunk) => pool.run(split(chunk))))
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['rejected', ...good.map(() => 'fulfilled')])
    expect(outcomes[0]).to.have.nested.property('reason.code', 'SHARE_THREAD')
    // Both threads die now; whoever comes after is served, here until the next thread is ready.
    await Promise.allSettled([bad, bad, bad].map((chunk) => pool.run(split(chunk))))
    const { shares } = await pool.run(split(good[0] as Uint8Array<ArrayBuffer>))
    expect(shares).to.have.length(9)
    await warm(pool)
  })

  it('refuses what this thread refuses, with the same errors', async () => {
    const parts = partsOf(encodeChunk(policy, randomBytes(64))).slice(0, 6)
    const twice = [...parts.slice(1), parts[1] as (typeof parts)[0]]
    const join = (some: typeof parts, length: number) => pool.run({ kind: 'join', policy, parts: some, length })
    expect(await codeOf(join(parts.slice(1), 64))).to.equal('TOO_FEW_SHARES')
    expect(await codeOf(join(twice, 64))).to.equal('PART')
    expect(await codeOf(join(parts, 65_536))).to.equal('PART')
    expect(await codeOf(pool.run(split(new Uint8Array(0)), { take: true }))).to.equal('PART')
    const none = { ...split(randomBytes(9)), policy: { n: 1, t: 2, r: 0 } }
    expect(await codeOf(pool.run(none))).to.equal('POLICY')
  })

  it('drops what is cancelled, waiting or under way, and goes on', async () => {
    const stop = new AbortController()
    const jobs = Array.from({ length: 8 }, () => pool.run(split(randomBytes(100_000)), { signal: stop.signal }))
    stop.abort(new Error('enough'))
    for (const { status } of await Promise.allSettled(jobs)) expect(status).to.equal('rejected')
    expect((await pool.run(split(randomBytes(10)))).shares).to.have.length(9)
    const error = await pool.run(split(randomBytes(10)), { signal: stop.signal }).catch((thrown: unknown) => thrown)
    expect(error).to.have.property('message', 'enough')
  })

  it('fails what is under way and what waits when it is closed, and can be used again', async () => {
    const other = createSharePool({ threads: 1 })
    await warm(other)
    const jobs = Array.from({ length: 4 }, () => codeOf(other.run(split(randomBytes(100_000)))))
    const closing = other.close()
    expect(await Promise.all(jobs)).to.deep.equal(Array(4).fill('SHARE_THREAD'))
    await closing
    expect((await other.run(split(randomBytes(10)))).shares).to.have.length(9)
    await other.close()
  })

  it('works in this thread where no other starts, or none is to', async () => {
    const missing = createSharePool({ threads: 1, module: { ...dying, file: './there-is-no-such-file.ts' } })
    const refusing = createSharePool({ threads: 1, module: { ...dying, base: 'no address' } })
    for (const one of [missing, refusing, createSharePool({ threads: 0 })])
      for (let i = 0; i < 20; i++) {
        const chunk = randomBytes(100)
        expect((await one.run(split(chunk), { take: true })).shares).to.have.length(9)
        expect(chunk.length).to.equal(100)
      }
    await missing.close()
  })

  it('keeps no process alive', (done) => {
    const share = new URL('../../../../sdk/src/share/index.ts', import.meta.url).href
    const program = `
      import { createSharePool } from '${share}'
      const pool = createSharePool({ threads: 1 })
      const policy = { n: 3, t: 2, r: 0 }
      for (let chunk; chunk?.length !== 0; ) {
        chunk = new Uint8Array(64)
        await pool.run({ kind: 'split', policy, chunk }, { take: true })
      }
      console.log('a thread did it')`
    execFile(
      process.execPath,
      ['--input-type=module', '--eval', program],
      { timeout: 60_000 },
      (error: unknown, output: string) => done(error ?? (output === 'a thread did it\n' ? undefined : output)),
    )
  })
})
