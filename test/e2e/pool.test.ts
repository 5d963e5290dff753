import { expect, test } from '@playwright/test'
import { serveModules } from './module-server.ts'
import { cutAndJoin, type kernels } from './pool-page.ts'

type PoolPage = { readonly cutAndJoin: typeof cutAndJoin; readonly kernels: typeof kernels }
declare const poolPage: PoolPage

const policies = [
  { n: 5, t: 3, r: 0 },
  { n: 9, t: 6, r: 3 },
  { n: 300, t: 150, r: 20 },
]

const pages = [
  {
    name: 'that allows threads',
    csp: `script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'`,
    threads: true,
    wasm: true,
  },
  {
    name: 'that forbids threads',
    csp: `script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'`,
    threads: false,
    wasm: true,
  },
  {
    name: 'that says nothing of threads and lets scripts run by a nonce alone',
    csp: `default-src 'none'; script-src 'nonce-page' 'wasm-unsafe-eval'`,
    threads: false,
    wasm: true,
  },
  { name: 'that forbids WebAssembly', csp: `script-src 'self'; worker-src 'self'`, threads: true, wasm: false },
]

for (const { name, csp, threads, wasm } of pages)
  test(`a page ${name} cuts and joins as Node does`, async ({ page }) => {
    const { url, close } = await serveModules('test/e2e/pool-page.ts', csp)
    try {
      let started = 0
      page.on('worker', () => {
        started += 1
      })
      await page.goto(url)
      await page.waitForFunction(() => 'poolPage' in globalThis)
      expect((await page.evaluate(() => poolPage.kernels())) !== undefined).toBe(wasm)
      for (const policy of policies) {
        const expected = await cutAndJoin(policy, 0, false)
        const within = (count: number, ready: boolean) =>
          page.evaluate(([one, most, wait]) => poolPage.cutAndJoin(one, most, wait), [policy, count, ready] as const)
        expect(await within(0, false)).toEqual(expected)
        expect(await within(2, threads)).toEqual(expected)
      }
      // The browser tells of its workers in its own time.
      await expect.poll(() => started > 0).toBe(threads)
      await expect.poll(() => page.workers().length).toBe(0)
    } finally {
      await close()
    }
  })
