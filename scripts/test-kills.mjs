/**
 * `npm run test:kills`: the long suite that kills processes of a real network (test/kills).
 *
 * npm run test:kills                            100 kills, about 15 minutes
 * npm run test:kills -- --kills 10 --seed 7     fewer, in another order; --keep keeps the network's folder
 * npm run test:kills -- --committee --kills 10  kills key nodes while they make, refresh and pass on their key
 */
import { run } from './run.mjs'

const { code } = await run('node', ['test/kills/main.ts', ...process.argv.slice(2)])
process.exitCode = code
