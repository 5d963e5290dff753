/** Fails when a generated file differs from what its generator writes now, and puts the old text back. */
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { root, run } from './run.mjs'

const generators = [
  { file: 'sdk/src/chain/abi.ts', program: 'hardhat', args: ['generate-abis'] },
  { file: 'cli/man/sharewell.1', program: 'node', args: ['scripts/generate-man.ts'] },
]

for (const { file, program, args } of generators) {
  const target = path.join(root, file)
  const before = await readFile(target, 'utf8')
  const { code, output } = await run(program, args, { quiet: true })
  const after = await readFile(target, 'utf8')
  if (code === 0 && before === after) continue
  await writeFile(target, before)
  console.error(code === 0 ? `${file} is stale: run \`npm run generate\`.` : `${program} ${args.join(' ')}:\n${output}`)
  process.exitCode = 1
}
