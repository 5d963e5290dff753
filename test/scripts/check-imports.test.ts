import { spawn } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'

const root = path.join(import.meta.dirname, '../..')

/** A tree that keeps every rule: path -> text. */
const clean: Record<string, string> = {
  'sdk/src/errors.ts': 'export const errors = 1\n',
  'sdk/src/bytes.ts': 'export const bytes = 1\n',
  'sdk/src/primitives/node.ts': "import { randomBytes } from 'node:crypto'\nexport const random = randomBytes\n",
  'sdk/src/primitives/browser.ts': 'export const random = 1\n',
  'sdk/src/seal/index.ts': "import { random } from '#primitives'\nexport const seal = random\n",
  'sdk/src/share/index.ts': "import { bytes } from '../bytes.ts'\nexport const share = bytes\n",
  'sdk/src/release/index.ts': 'export const release = 1\n',
  'sdk/src/place/index.ts': "import { share } from '../share/index.ts'\nexport const place = share\n",
  'sdk/src/place/helia.ts': 'export const helia = 1\n',
  'sdk/src/chain/index.ts': "import { errors } from '../errors.ts'\nexport const chain = errors\n",
  'services/host/src/index.ts': "import { errors } from '@sharewell/sdk/errors'\nexport const host = errors\n",
  'services/reconstructor/src/app.ts': "import { share } from '@sharewell/sdk/share'\nexport const app = share\n",
  'services/storage-node/src/app.ts': "import { place } from '@sharewell/sdk/place'\nexport const app = place\n",
  'services/key-node/src/app.ts':
    "import { host } from '../../host/src/index.ts'\nimport { release } from '@sharewell/sdk/release'\nexport const app = [host, release]\n",
  'services/relayer/src/app.ts': "import { chain } from '@sharewell/sdk/chain'\nexport const app = chain\n",
  'frontend/src/page.ts': "import { seal } from '@sharewell/sdk/seal'\nexport const page = seal\n",
  'cli/src/main.ts': "import { seal } from '@sharewell/sdk/seal'\nexport const main = seal\n",
  'test/helper.ts': 'export const helper = 1\n',
}

/** One fault a rule: the rule that must name it, the file, the text added to it. */
const faults: readonly [rule: string, file: string, text: string][] = [
  ['no-circular', 'sdk/src/errors.ts', "export type { bytes } from './bytes.ts'\n"],
  ['no-circular', 'sdk/src/bytes.ts', "export type { errors } from './errors.ts'\n"],
  ['all-resolves', 'sdk/src/errors.ts', "import './nowhere.ts'\n"],
  ['no-test-in-src', 'sdk/src/errors.ts', "import '../../test/helper.ts'\n"],
  ['roots-on-roots', 'sdk/src/bytes.ts', "import './seal/index.ts'\n"],
  [
    'pure-stays-down',
    'sdk/src/seal/index.ts',
    "import type { share } from '../share/index.ts'\nexport type S = typeof share\n",
  ],
  ['place-over-share', 'sdk/src/place/index.ts', "import '../seal/index.ts'\n"],
  ['chain-over-roots', 'sdk/src/chain/index.ts', "import '../share/index.ts'\n"],
  ['sdk-is-the-bottom', 'sdk/src/chain/index.ts', "import '../../../cli/src/main.ts'\n"],
  ['pure-does-no-io', 'sdk/src/seal/index.ts', "import 'node:fs'\n"],
  ['roots-do-no-io', 'sdk/src/bytes.ts', "import 'node:net'\n"],
  ['primitives-by-name', 'sdk/src/seal/index.ts', "import '../primitives/node.ts'\n"],
  ['roots-on-few-packages', 'sdk/src/bytes.ts', "import 'viem'\n"],
  ['pure-on-few-packages', 'sdk/src/share/index.ts', "import 'viem'\n"],
  ['primitives-on-few-packages', 'sdk/src/primitives/browser.ts', "import 'viem'\n"],
  ['services-do-not-meet', 'services/key-node/src/app.ts', "import '../../storage-node/src/app.ts'\n"],
  ['services-do-not-meet', 'services/host/src/index.ts', "import '../../key-node/src/app.ts'\n"],
  ['host-knows-errors-alone', 'services/host/src/index.ts', "import '@sharewell/sdk/chain'\n"],
  ['host-knows-errors-alone', 'services/host/src/index.ts', "import '@sharewell/sdk/bytes'\n"],
  ['frontend-over-sdk', 'frontend/src/page.ts', "import '../../cli/src/main.ts'\n"],
  ['cli-over-sdk', 'cli/src/main.ts', "import '../../services/key-node/src/app.ts'\n"],
  ['reconstructor-is-blind', 'services/reconstructor/src/app.ts', "await import('@sharewell/sdk/seal')\n"],
  [
    'storage-node-is-blind',
    'services/storage-node/src/app.ts',
    "import type { release } from '@sharewell/sdk/release'\nexport type R = typeof release\n",
  ],
  ['key-node-is-apart', 'services/key-node/src/app.ts', "import '@sharewell/sdk/place'\n"],
  ['relayer-only-carries', 'services/relayer/src/app.ts', "import '@sharewell/sdk/person'\n"],
  ['frontend-stores-nothing', 'frontend/src/page.ts', "import '@sharewell/sdk/place/helia'\n"],
]

describe('the import rules', () => {
  let tree = ''

  const plant = async (added: readonly (readonly [string, string, string])[]) => {
    for (const [file, text] of Object.entries(clean)) {
      const more = added.filter(([, where]) => where === file).map(([, , line]) => line)
      await mkdir(path.dirname(path.join(tree, file)), { recursive: true })
      await writeFile(path.join(tree, file), more.join('') + text)
    }
  }
  const check = (...args: string[]) =>
    new Promise<{ code: number | null; output: string }>((resolve) => {
      const child = spawn(process.execPath, [path.join(root, 'scripts/check-imports.mjs'), ...args], { cwd: tree })
      let output = ''
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk) => {
          output += chunk
        })
      child.on('close', (code) => resolve({ code, output }))
    })

  before(async () => {
    tree = await mkdtemp(path.join(tmpdir(), 'sharewell-imports-'))
    await mkdir(path.join(tree, 'node_modules/@sharewell'), { recursive: true })
    await mkdir(path.join(tree, 'sdk'), { recursive: true })
    for (const name of ['dependency-cruiser', 'typescript', 'viem'])
      await symlink(path.join(root, 'node_modules', name), path.join(tree, 'node_modules', name))
    await symlink(path.join(tree, 'sdk'), path.join(tree, 'node_modules/@sharewell/sdk'))
    await copyFile(path.join(root, '.dependency-cruiser.cjs'), path.join(tree, '.dependency-cruiser.cjs'))
    await writeFile(path.join(tree, 'package.json'), '{"type":"module"}')
    await writeFile(path.join(tree, 'tsconfig.json'), await readFile(path.join(root, 'tsconfig.base.json')))
    await copyFile(path.join(root, 'sdk/package.json'), path.join(tree, 'sdk/package.json'))
  })
  after(() => rm(tree, { recursive: true }))

  it('let a tree pass that keeps them', async () => {
    await plant([])
    const { code, output } = await check('--min', '10')
    expect(output).to.contain('0 rules broken')
    expect(code).to.equal(0)
  })

  it('name every planted fault', async () => {
    await plant(faults)
    const { code, output } = await check('--min', '10')
    expect(code).to.equal(1)
    for (const [rule, file] of faults)
      expect(
        output.split('\n').some((line) => line.startsWith(`${rule}: `) && line.includes(file)),
        `${rule} in ${file}`,
      ).to.equal(true)
  })

  it('fail when fewer modules were seen than expected', async () => {
    await plant([])
    const { code, output } = await check('--min', '500')
    expect(code).to.equal(1)
    expect(output).to.contain('at least 500 were expected')
  })
})
