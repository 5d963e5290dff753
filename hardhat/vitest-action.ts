import { errorResult, successfulResult } from 'hardhat/utils/result'
import { startVitest } from 'vitest/node'

/** Runs Vitest inside `hardhat test`, so that one summary counts every suite. */
export default async function run({ testFiles }: { testFiles: string[] }) {
  const vitest = await startVitest('test', testFiles, { watch: false })
  const count = { passed: 0, failed: 0, skipped: 0, todo: 0 }
  for (const module of vitest.state.getTestModules()) {
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      if (state !== 'pending') count[state] += 1
    }
    if (module.errors().length > 0) count.failed += 1
  }
  await vitest.close()
  const result = { summary: count }
  return count.failed > 0 ? errorResult(result) : successfulResult(result)
}
