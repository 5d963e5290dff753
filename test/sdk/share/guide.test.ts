import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import * as share from '@sharewell/sdk/share'
import { expect } from 'chai'

const root = path.join(import.meta.dirname, '../../..')
const guide = await readFile(path.join(root, 'docs/guide/share-code.md'), 'utf8')
const examples = [...guide.matchAll(/^## (.*?)$|^```ts\n(.*?)^```$/gms)]

describe('the guide to the share code', function () {
  this.timeout(150_000)
  let folder: string
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'share-code-'))
    await mkdir(path.join(folder, 'node_modules/@sharewell'), { recursive: true })
    await symlink(path.join(root, 'sdk'), path.join(folder, 'node_modules/@sharewell/sdk'))
  })
  after(() => rm(folder, { recursive: true, force: true }))

  /** Runs a program as it would run in a project that has nothing but a link to the package. */
  const run = (program: string) =>
    promisify(execFile)(process.execPath, ['--input-type=module-typescript', '--eval', program], {
      cwd: folder,
      timeout: 120_000,
    })
  let heading = ''
  for (const [, title, program] of examples) {
    heading = title ?? heading
    if (!program) continue
    it(`has an example that runs: ${heading}`, async () => {
      expect(program).to.contain('assert')
      await run(program)
    })
  }

  it('names functions that there are', () => {
    const names = [...guide.matchAll(/`((?:create|encode|decode|verify|join|split|cid)[A-Za-z]+)/g)].map(
      ([, name]) => name,
    )
    expect(names).to.have.length.above(1)
    for (const name of names) expect(share).to.have.property(name as string)
  })

  it('notices an example that is wrong', async () => {
    const [, , first = ''] = examples.find(([, , program]) => program) ?? []
    const wrong = first.replace('[4, 0, 3]', '[4, 0, 4]')
    expect(wrong).not.to.equal(first)
    expect(String(await run(wrong).catch((error: unknown) => error))).to.contain('PART')
  })
})
