import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'

const modules = path.join('sdk', 'src', 'share', 'engine', 'modules.ts')

describe('the check of the committed kernels', () => {
  it('refuses a module that differs from its source in one character', async function () {
    this.timeout(120_000)
    const folder = await mkdtemp(path.join(tmpdir(), 'sharewell-kernel-'))
    try {
      const altered = path.join(folder, 'modules.ts')
      const text = await readFile(modules, 'utf8')
      await writeFile(altered, text.replace('AGFzbQEAAAAB', 'AGFzbQEAAAAC'))
      const { status, stderr } = spawnSync(process.execPath, ['scripts/build-kernel.mjs', '--check', altered], {
        encoding: 'utf8',
        timeout: 110_000,
      })
      expect(status).to.equal(1)
      expect(stderr).to.include('run `npm run kernel`')
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
