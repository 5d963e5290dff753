import AxeBuilder from '@axe-core/playwright'
import { expect } from '@playwright/test'
import { test } from './story.ts'

const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

for (const path of ['/', '/patient', '/doctor', '/hospital', '/network'])
  for (const [device, width, colorScheme] of [
    ['a desk', 1280, 'light'],
    ['a phone at night', 390, 'dark'],
  ] as const)
    test(`${path} can be read and used by everybody, on ${device}`, async ({ browser, network }) => {
      const context = await browser.newContext({ viewport: { width, height: 844 }, colorScheme })
      const page = await context.newPage()
      await page.goto(network.url + path)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      // Nobody scrolls sideways.
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
      const { violations } = await new AxeBuilder({ page }).withTags(wcag).analyze()
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
      await context.close()
    })
