import path from 'node:path'
import { overrideTask, task } from 'hardhat/config'
import type { HardhatPlugin } from 'hardhat/types/plugins'

declare module 'hardhat/types/config' {
  interface TestPathsConfig {
    vitest: string
    playwright: string
  }
}

/**
 * Keeps Hardhat's Mocha away from tests that other runners own, and adds `hardhat test vitest` for component tests.
 * People's stories (test/e2e) belong to Playwright, which `npm test` runs itself.
 */
const plugin: HardhatPlugin = {
  id: 'other-runners',
  dependencies: () => [import('@nomicfoundation/hardhat-mocha')],
  tasks: [
    overrideTask(['test', 'mocha'])
      .setAction(() => import('./mocha-action.ts'))
      .build(),
    task(['test', 'vitest'], 'Runs the component tests with Vitest')
      .addVariadicArgument({ name: 'testFiles', description: 'Files to test', defaultValue: [] })
      .addFlag({ name: 'noCompile', description: 'Do not compile the contracts first' })
      .setAction(() => import('./vitest-action.ts'))
      .build(),
  ],
  hookHandlers: {
    config: async () => ({
      default: async () => ({
        resolveUserConfig: async (user, resolve, next) => {
          const config = await next(user, resolve)
          const { root } = config.paths
          const tests = {
            ...config.paths.tests,
            vitest: path.join(root, 'frontend'),
            playwright: path.join(root, 'test/e2e'),
          }
          return { ...config, paths: { ...config.paths, tests } }
        },
      }),
    }),
    test: async () => ({
      default: async () => ({
        registerFileForTestRunner: async (context, file, next) => {
          const { vitest, playwright } = context.config.paths.tests
          if (path.resolve(file).startsWith(vitest)) return 'vitest'
          return path.resolve(file).startsWith(playwright) ? undefined : await next(context, file)
        },
      }),
    }),
  },
}
export default plugin
