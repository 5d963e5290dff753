import { expect, type Locator, type Page } from '@playwright/test'
import { type Shown, whatIsShown } from './people.ts'

/** How many times somebody would press Tab before giving up. */
const patience = 150

/** Presses Tab (or Shift+Tab) until `target` has the focus, and looks at every stop on the way. */
export async function tabTo(page: Page, target: Locator, options: { back?: boolean } = {}): Promise<void> {
  await expect(target).toBeVisible()
  const stops: string[] = []
  for (let presses = 0; presses < patience; presses++) {
    if (await hasFocus(target)) return
    await page.keyboard.press(options.back ? 'Shift+Tab' : 'Tab')
    stops.push(await lookAtFocus(page))
  }
  throw new Error(`Tab never reached ${target}. It stopped at:\n${[...new Set(stops)].join('\n')}`)
}

/** Goes to a button or link by Tab and presses Enter there. */
export async function press(page: Page, target: Locator, key: 'Enter' | 'Space' = 'Enter'): Promise<void> {
  await tabTo(page, target)
  await page.keyboard.press(key)
}

/** Goes to a field by Tab and types. */
export async function type(page: Page, target: Locator, text: string): Promise<void> {
  await tabTo(page, target)
  await page.keyboard.insertText(text)
}

/** Whether `target` is what the next key goes to. */
export async function hasFocus(target: Locator): Promise<boolean> {
  const [element] = await target.elementHandles()
  return (await element?.evaluate((one) => one === document.activeElement)) ?? false
}

/** Opens a page and becomes one of the demo's people, all by keys. */
export async function becomeByKeys(page: Page, url: string, person: string): Promise<void> {
  await page.goto(url)
  await press(page, page.getByRole('button', { name: 'Choose a wallet' }))
  await press(page, page.getByRole('dialog').getByRole('button', { name: /Sharewell demo wallet/ }))
  const window = page.getByRole('dialog', { name: 'Who do you want to be?' })
  await press(page, window.getByRole('button', { name: person }))
  await expect(window).toBeHidden()
}

/** What `agreeUntil` does, without a pointer: the focus must go into each window by itself, and come back from it. */
export async function agreeByKeys(page: Page, done: Locator, options: { timeout?: number } = {}): Promise<Shown[]> {
  const shown: Shown[] = []
  const deadline = Date.now() + (options.timeout ?? 60_000)
  const review = page.getByRole('button', { name: 'Continue to the wallet' })
  const sign = page.getByRole('button', { name: /^(Sign|Confirm)$/ })
  while (!(await done.isVisible())) {
    if (Date.now() > deadline) await expect(done).toBeVisible({ timeout: 1 })
    const next = (await review.isVisible()) ? review : (await sign.isVisible()) ? sign : undefined
    if (!next) {
      await Promise.race([review, sign, done].map((one) => one.waitFor({ timeout: 2_000 }).catch(() => undefined)))
      continue
    }
    const window = page.getByRole('dialog').filter({ has: next })
    await expect(window.locator(':focus')).toHaveCount(1)
    if (next === review) {
      await press(page, window.getByText('Exactly what is signed'))
      shown.push(await whatIsShown(window))
    }
    const [open] = await window.elementHandles()
    await press(page, next)
    await open?.waitForElementState('hidden')
  }
  return shown
}

/**
 * Says what has the focus, and fails where a person could not see it: no ring, nothing of it on the screen, or all of
 * it under something else (WCAG 2.4.7 and 2.4.11). The browser's own bars, between the end and the start of a page, are
 * none of ours.
 */
async function lookAtFocus(page: Page): Promise<string> {
  const { name, complaint } = await page.evaluate(focusNow)
  expect(complaint, `the focus on ${name}`).toBeUndefined()
  return name
}

/** Runs in the page. */
function focusNow(): { name: string; complaint?: string } {
  const focused = document.activeElement
  if (!(focused instanceof HTMLElement) || focused === document.body || focused === document.documentElement)
    return { name: 'the browser' }
  // A hidden input shows its focus on its label.
  const label = focused instanceof HTMLInputElement ? focused.closest('label') : undefined
  const shown = label && focused.offsetWidth <= 1 ? label : focused
  const name = `${focused.localName} "${(focused.getAttribute('aria-label') ?? shown.innerText ?? '').slice(0, 60)}"`
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(shown)
  const hasOutline = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2
  if (!hasOutline && boxShadow === 'none') return { name, complaint: 'cannot be seen' }
  const { left, right, top, bottom } = shown.getBoundingClientRect()
  if (bottom <= 0 || top >= innerHeight || right <= 0 || left >= innerWidth)
    return { name, complaint: 'is outside the screen' }
  // Some of it is enough: what is taller than its window scrolls.
  const isOnTop = (part: number): boolean => {
    const there = document.elementFromPoint((left + right) / 2, top + (bottom - top) * part)
    return there !== null && (shown.contains(there) || there.contains(shown))
  }
  if (![0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95].some(isOnTop)) return { name, complaint: 'is covered' }
  return { name }
}
