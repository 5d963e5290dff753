import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'

const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/**
 * Looks at a page as it is now: axe finds nothing, nobody scrolls sideways (WCAG 1.4.10), nothing is cut off, and a
 * thumb hits everything that can be pressed (WCAG 2.5.8). Keeps a picture under `name`.
 */
export async function expectGoodLooks(page: Page, name: string): Promise<void> {
  await expectToFit(page, name)
  const { violations } = await new AxeBuilder({ page }).withTags(wcag).analyze()
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
    name,
  ).toEqual([])
}

/** The same without axe, on a page made four times its size: 320 pixels are left of 1280. */
export async function expectToFitEnlarged(page: Page, name: string): Promise<void> {
  const before = page.viewportSize() ?? { width: 1280, height: 740 }
  await page.setViewportSize({ ...before, width: 320 })
  await expectToFit(page, `${name}-enlarged`)
  await page.setViewportSize(before)
}

async function expectToFit(page: Page, name: string): Promise<void> {
  await page.evaluate(settle)
  await page.screenshot({ path: test.info().outputPath(`${name}.png`), fullPage: true })
  expect(await page.evaluate(complaints), name).toEqual([])
}

/** Words of ours that no patient need know; who wants them unfolds the details. */
const jargon = /pseudonym|\bhash|EIP-?\d|\bgas\b|blockchain|smart contract|\bnonce\b|calldata|0x[0-9a-f]{20}/gi

/** Nothing that a patient sees unasked needs the words of those who built it. */
export async function expectPlainWords(page: Page, name: string): Promise<void> {
  const text = await page.evaluate(() => {
    const seen = document.body.cloneNode(true) as HTMLElement
    for (const folded of seen.querySelectorAll('details, script, style, textarea')) folded.remove()
    return seen.textContent ?? ''
  })
  expect(text.match(jargon) ?? [], name).toEqual([])
}

/** Runs in the page. Waits for what moves once; what turns all the time is left turning. */
async function settle(): Promise<void> {
  // What a bar covers while somebody scrolls counts as small to axe.
  scrollTo({ top: 0, behavior: 'instant' })
  const once = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
  await Promise.all(once.map(({ finished }) => finished.catch(() => undefined)))
}

/** Runs in the page. Says what is too wide, cut off, or too small to hit. */
function complaints(): string[] {
  const width = document.documentElement.clientWidth
  const isWide = (one: HTMLElement): boolean => {
    const { left, right } = one.getBoundingClientRect()
    return (right > width + 0.5 || left < -0.5) && !one.parentElement?.closest('[role="tablist"], pre, textarea')
  }
  const isCut = (one: HTMLElement): boolean => {
    const { overflowX, textOverflow } = getComputedStyle(one)
    return overflowX === 'hidden' && textOverflow !== 'ellipsis' && one.scrollWidth > one.clientWidth + 1
  }
  const isSmall = (one: HTMLElement): boolean => {
    if (!one.matches('a, button, input, select, textarea, summary')) return false
    const box = (one.closest('label') ?? one).getBoundingClientRect()
    return (box.width < 24 || box.height < 24) && getComputedStyle(one).display !== 'inline'
  }
  const isSeen = (one: HTMLElement): boolean => {
    if (!one.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false
    // What only a screen reader meets is one pixel large.
    return one.offsetWidth > 1 && one.offsetHeight > 1 && !one.closest('.sr-only')
  }
  const checks = { 'beyond the edge': isWide, 'cut off': isCut, 'too small for a thumb': isSmall }
  const wide = document.scrollingElement?.scrollWidth ?? 0
  const top = document.querySelector('dialog:modal') ?? document.body
  const seen = [...top.querySelectorAll('*')].filter((one) => one instanceof HTMLElement).filter(isSeen)
  return [
    ...(wide > innerWidth ? [`the page is ${wide} wide`] : []),
    ...Object.entries(checks).flatMap(([what, check]) =>
      seen.filter(check).map(({ outerHTML }) => `${what}: ${outerHTML.replace(/\s+/g, ' ').slice(0, 160)}`),
    ),
  ]
}
