import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { isDiskFull } from '@sharewell/host'
import { NotPlacedError } from '@sharewell/sdk/place'
import { expect } from 'chai'
import { openAnswerStore } from '../../services/key-node/src/answers.ts'
import { codeOf } from '../helpers/code-of.ts'
import { byDoctor, byPatient, depositBytes, open, permit, someBytes } from '../helpers/journeys.ts'
import { type Apart, startApart } from '../helpers/processes.ts'
import { startWholeNetwork, type WholeNetwork } from '../helpers/whole-network.ts'

describe('a full disk', () => {
  const full: readonly object[] = [
    { code: 'ENOSPC' },
    { code: 'EDQUOT' },
    { code: 'EFBIG' },
    { errcode: 13 },
    { errcode: 778 },
  ]
  for (const fields of full)
    it(`is told by ${Object.entries(fields).join()}, also underneath`, () => {
      const error = Object.assign(new Error('no'), fields)
      expect(isDiskFull(error)).to.equal(true)
      expect(isDiskFull(new Error('outside', { cause: error }))).to.equal(true)
    })
  it('is not told by other failures', () => {
    for (const fields of [{ code: 'EACCES' }, { errcode: 5 }, {}])
      expect(isDiskFull(Object.assign(new Error('no'), fields))).to.equal(false)
    expect(isDiskFull('ENOSPC')).to.equal(false)
  })
})

/** Sets how long files of another process may grow, as a disk that is full would. Linux has a tool for it. */
const limitFiles = (pid: number, bytes: number | 'unlimited') =>
  spawnSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]).status === 0

// Elsewhere nobody can take the room from a process that runs.
if (existsSync('/usr/bin/prlimit') || existsSync('/bin/prlimit'))
  describe('a service whose disk is full', function () {
    this.timeout(120_000)
    let whole: WholeNetwork
    const apart: { storage?: Apart; keys?: Apart } = {}
    const bytes = someBytes(300_000)
    const limit = (who: keyof typeof apart, most: number | 'unlimited') =>
      expect(limitFiles(apart[who]?.pid ?? 0, most)).to.equal(true)

    before(async () => {
      const folder = path.join('/tmp', `sharewell-full-${process.pid}`)
      apart.storage = await startApart(folder, 'storage')
      apart.keys = await startApart(folder, 'keys')
      whole = await startWholeNetwork({
        storage: 5,
        keys: 3,
        k: 2,
        workers: 1,
        host: (service, lies) =>
          (service.kind === 'key-node' ? apart.keys : apart.storage)?.host(service, lies) as never,
      })
    })
    after(async () => {
      await whole?.close()
      await Promise.all([apart.storage?.close(), apart.keys?.close()])
    })
    afterEach(() => {
      limit('storage', 'unlimited')
      limit('keys', 'unlimited')
    })

    it('says so where a block does not fit, keeps what it has, and goes on when there is room', async () => {
      const kept = await depositBytes(whole, bytes)
      limit('storage', 10_000)
      const refused = await depositBytes(whole, bytes).catch((error: unknown) => error)
      expect(refused).to.be.instanceOf(NotPlacedError)
      expect(String(refused)).to.include('DISK_FULL')
      expect((await open(byPatient(whole.patient, kept.recordId))).bytes).to.deep.equal(bytes)
      limit('storage', 'unlimited')
      const { recordId } = await depositBytes(whole, bytes)
      expect((await open(byPatient(whole.patient, recordId))).bytes).to.deep.equal(bytes)
    })

    it('leaves no torn file behind', async () => {
      limit('storage', 10_000)
      await depositBytes(whole, bytes).catch(() => undefined)
      for (const { folder } of whole.storage) {
        const names = await readdir(folder, { recursive: true })
        expect(names.filter((name) => /tmp|part|~$/.test(path.basename(name)))).to.deep.equal([])
        expect(await readdir(path.join(folder, 'incoming'))).to.deep.equal([])
      }
    })

    it('tells depositors that it has no room, until it has', async () => {
      const [first, ...others] = whole.storage
      const status = async (url = '') => (await (await fetch(`${url}/v1/status`)).json()) as { room: boolean }
      limit('storage', 10_000)
      await depositBytes(whole, bytes).catch(() => undefined)
      const full = await Promise.all([first, ...others].map((node) => status(node?.url)))
      expect(full.map(({ room }) => room)).to.include(false)
      expect(await codeOf(depositBytes(whole, bytes))).to.equal('NOT_ENOUGH_OPERATORS')
      limit('storage', 'unlimited')
      for (const { url } of whole.storage) expect(await status(url)).to.have.property('room', true)
    })

    it('releases nothing that it cannot keep, and stays sound', async () => {
      const { recordId } = await depositBytes(whole, bytes)
      await permit(whole, recordId)
      limit('keys', 1_000)
      const refused = await open(byDoctor(whole.doctor, recordId)).catch((error: unknown) => error)
      expect(refused).to.have.property('code', 'QUORUM')
      expect(String(refused)).to.include('DISK_FULL')
      const unkept = await depositBytes(whole, bytes).catch((error: unknown) => error)
      expect(unkept).to.have.property('code', 'KEY_NODES')
      expect(String(unkept)).to.include('DISK_FULL')
      limit('keys', 'unlimited')
      expect((await open(byDoctor(whole.doctor, recordId))).bytes).to.deep.equal(bytes)
      for (const { folder } of whole.keys) {
        const answers = openAnswerStore(folder, { minute: 1, day: 1, patient: 1 })
        expect(answers.verifyLog()).to.equal(true)
        answers.close()
        const names = await readdir(folder, { recursive: true })
        expect(names.filter((name) => name.endsWith('.tmp'))).to.deep.equal([])
      }
    })
  })
