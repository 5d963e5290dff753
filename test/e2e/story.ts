import { test as base } from '@playwright/test'
import { type RunningNetwork, startNetwork } from './network.ts'

/** A story in a browser, on a network that all stories of a run share. */
export const test = base.extend<{ ending: undefined }, { network: RunningNetwork }>({
  ending: [
    // A page that stays open goes on asking the chain, and the next story waits behind it.
    async ({ browser }, use) => {
      await use(undefined)
      await Promise.all(browser.contexts().map((context) => context.close()))
    },
    { auto: true },
  ],
  network: [
    // Playwright takes a fixture only with the names of those it needs; this one needs none.
    async ({ browserName: _ }, use) => {
      const network = await startNetwork()
      await use(network)
      await network.close()
    },
    { scope: 'worker', timeout: 300_000 },
  ],
})
