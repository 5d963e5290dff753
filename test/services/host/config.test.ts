import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readConfig } from '@sharewell/host'
import { expect } from 'chai'
import { configShape } from '../../../services/key-node/src/main.ts'

const root = path.join(import.meta.dirname, '../../..')

describe("a service's config", () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sharewell-config-'))
  })
  after(() => rm(folder, { recursive: true }))

  /** Runs a service's program and returns how it ended and what it said. */
  const run = (service: string, ...args: readonly string[]) =>
    new Promise<{ code: number | null; said: string }>((resolve) => {
      const child = spawn(process.execPath, [path.join(root, 'services', service, 'src/main.ts'), ...args])
      let said = ''
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (data) => {
          said += data
        })
      child.on('close', (code) => resolve({ code, said }))
    })
  const file = async (name: string, text: string) => {
    await writeFile(path.join(folder, name), text)
    return path.join(folder, name)
  }

  it('says which fields are wrong, and repeats no value, because some are keys', () => {
    const keys = { privateKey: `0x${'ab'.repeat(31)}`, secret: `0x${'CD'.repeat(32)}` }
    const config = { port: 70_000, folder: 'data', network: {}, ...keys, surplus: 1 }
    let error: unknown
    try {
      readConfig(configShape, config)
    } catch (thrown) {
      error = thrown
    }
    expect(error).to.include({ code: 'CONFIG' })
    for (const word of ['port', 'privateKey', 'surplus']) expect(String(error)).to.contain(word)
    expect(String(error)).not.to.contain('abab')
    const good = readConfig(configShape, { ...keys, privateKey: keys.secret, folder: 'data', network: {} })
    expect(good).to.deep.include({ host: '127.0.0.1', port: 0, privateKey: keys.secret.toLowerCase() })
  })

  it('is the one argument; without it, or with something else, the program says so and ends with 1', async () => {
    const secret = '0xsecret'
    const cases = {
      'name the JSON config file': [],
      'cannot be read': [path.join(folder, 'none.json')],
      'is no JSON': [await file('garbage.json', `{"privateKey":"${secret}"`)],
      folder: [await file('empty.json', '{}')],
    }
    for (const [words, args] of Object.entries(cases)) {
      const { code, said } = await run('directory', ...args)
      expect(code, words).to.equal(1)
      expect(said).to.contain(words).and.not.contain(secret)
      expect(said, 'no stack').not.to.match(/\n {4}at /)
      expect(said).to.contain('README')
    }
  })
})
