import { glob } from 'node:fs/promises'
import path from 'node:path'
import type { HardhatRuntimeEnvironment } from 'hardhat/types/hre'
import type { TaskArguments } from 'hardhat/types/tasks'

/**
 * Runs Mocha on the files that are its own. Left alone, Hardhat's runner loads everything below `test`: helpers, which
 * only cost time, and people's stories, which Playwright runs and Mocha cannot even load.
 */
export default async function run(
  args: TaskArguments,
  hre: HardhatRuntimeEnvironment,
  runSuper: (args: TaskArguments) => Promise<unknown>,
): Promise<unknown> {
  if ((args.testFiles as string[]).length > 0) return await runSuper(args)
  const { mocha, playwright } = hre.config.paths.tests
  const testFiles: string[] = []
  for await (const file of glob('**/*.test.ts', { cwd: mocha })) {
    const whole = path.join(mocha, file)
    if (!whole.startsWith(playwright + path.sep)) testFiles.push(whole)
  }
  return await runSuper({ ...args, testFiles: testFiles.sort() })
}
