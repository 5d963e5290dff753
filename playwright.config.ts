import { defineConfig } from '@playwright/test'
import chromium from '@sparticuz/chromium'

/** People's stories in a real browser, against a network that the stories start themselves (test/e2e/network.ts). */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.test.ts',
  timeout: 120_000,
  expect: { timeout: 20_000 },
  workers: 1,
  forbidOnly: true,
  reporter: 'list',
  use: {
    browserName: 'chromium',
    headless: true,
    trace: 'off',
    video: 'off',
    launchOptions: {
      executablePath: process.env.SHAREWELL_CHROMIUM ?? (await chromium.executablePath()),
      // The package's own switches turn web security off; these only make Chromium run without a sandbox and stay local.
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
