/**
 * `npm run test:long`: the tests that take too long for each change. Every parser of foreign bytes and every route with
 * 10,000 inputs each from a seed that is drawn, and the model of `decide` over 100,000 steps. About half an hour.
 *
 * SHAREWELL_SEED=7 npm run test:long    the inputs of one run again, as a failure prints them
 */
import { run } from './run.mjs'

const suites = [
  ['mocha', ['test/fuzz/*.test.ts'], { SHAREWELL_LONG: '1' }],
  ['hardhat', ['test', 'mocha', 'test/contracts/model.test.ts'], { MODEL_STEPS: '100000' }],
]
for (const [program, args, env] of suites) {
  const { code } = await run(program, args, { env })
  if (code !== 0) process.exitCode = 1
}
