/**
 * `npm run bench -- gas`: measures ours beside others in one run. `npm run bench -- committee`: times key ceremonies.
 * `npm run bench -- share`: the share code beside other libraries and the paper's scheme.
 * `npm run bench -- paper`: the paper's scheme and its figures. `npm run bench -- reader`: what reading
 * costs with a reconstructor and without. `npm run bench -- plots`: the pictures anew, from the results.
 * `npm run bench -- leopard`: beside klauspost/reedsolomon, where Go is there.
 * `npm run bench -- profile`: where the time of the share code goes, part by part.
 * `npm run bench -- load`: 200 readers at a committee of which one node is killed and one lies.
 * `npm run bench -- pipeline`: a whole deposit in memory beside the sum of its parts.
 * `npm run bench -- memory`: what depositing and reading 10 GB, and 2 GB on storage nodes, take of memory.
 * `npm run bench -- soak`: half an hour in which nodes die, lie and return, and what holds afterwards.
 * Tables to the terminal, numbers to bench/results.
 * Fetches the published packages of the others from the npm registry, once.
 */
import path from 'node:path'
import { root, run } from './run.mjs'

const benches = [
  'committee',
  'gas',
  'leopard',
  'load',
  'memory',
  'paper',
  'pipeline',
  'plots',
  'profile',
  'reader',
  'share',
  'soak',
]
const [what] = process.argv.slice(2)
if (!benches.includes(what)) {
  console.error(`npm run bench -- ${benches.join('|')}`)
  process.exit(2)
}
const { code } = await run('hardhat', ['run', path.join(root, 'bench', `${what}.ts`)])
process.exitCode = code
