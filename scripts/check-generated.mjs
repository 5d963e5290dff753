/** Fails when a generated file differs from what its generator writes now, and puts the old text back. */
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { root, run } from './run.mjs'

const generators = [
  { files: ['sdk/src/chain/abi.ts'], program: 'hardhat', args: ['generate-abis'] },
  { files: ['docs/errors.md'], program: 'node', args: ['scripts/generate-errors.ts'] },
  { files: ['cli/src/explain/codes.json'], program: 'node', args: ['scripts/generate-codes.ts'] },
  { files: ['cli/man/sharewell.1'], program: 'node', args: ['scripts/generate-man.ts'] },
]

for (const { files, program, args } of generators) {
  const targets = files.map((file) => path.join(root, file))
  const read = () => Promise.all(targets.map((target) => readFile(target, 'utf8')))
  const before = await read()
  const { code, output } = await run(program, args, { quiet: true })
  const after = await read()
  const stale = files.filter((_, at) => before[at] !== after[at])
  if (code === 0 && stale.length === 0) continue
  await Promise.all(targets.map((target, at) => writeFile(target, before[at])))
  console.error(
    code === 0 ? `${stale.join(', ')}: stale, run \`npm run generate\`.` : `${program} ${args.join(' ')}:\n${output}`,
  )
  process.exitCode = 1
}
