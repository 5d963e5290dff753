import { expect, type Locator, type Page } from '@playwright/test'

/** What a page showed for review, and what the wallet was then given: they must be one. */
export type Shown = { readonly title: string; readonly raw: string }

/** Opens a page and becomes one of the demo's people, by the built-in wallet. */
export async function becomeDemoPerson(page: Page, url: string, person: string): Promise<void> {
  await connect(page, url, /Sharewell demo wallet/)
  const window = page.getByRole('dialog', { name: 'Who do you want to be?' })
  await expect(window.getByText('Demo wallet: keys are public')).toBeVisible()
  await window.getByRole('button', { name: person }).click()
  await expect(window).toBeHidden()
}

/** Opens a page and connects the wallet of that name. */
export async function connect(page: Page, url: string, wallet: string | RegExp): Promise<void> {
  await page.goto(url)
  await page
    .getByRole('button', { name: /^(Connect|Choose a wallet)$/ })
    .first()
    .click()
  await page.getByRole('dialog').getByRole('button', { name: wallet }).click()
}

/**
 * Agrees to whatever is asked until `done` can be seen: reads each review, goes on to the wallet, and signs in the demo
 * wallet's own windows. Returns the reviews.
 */
export async function agreeUntil(page: Page, done: Locator, options: { timeout?: number } = {}): Promise<Shown[]> {
  const shown: Shown[] = []
  const deadline = Date.now() + (options.timeout ?? 60_000)
  const review = page.getByRole('button', { name: 'Continue to the wallet' })
  const sign = page.getByRole('button', { name: /^(Sign|Confirm)$/ })
  while (!(await done.isVisible())) {
    if (Date.now() > deadline) await expect(done).toBeVisible({ timeout: 1 })
    if (await review.isVisible()) shown.push(await agree(page, review))
    else if (await sign.isVisible()) await sign.click()
    else await Promise.race([review, sign, done].map((next) => next.waitFor({ timeout: 2_000 }).catch(() => undefined)))
  }
  return shown
}

async function agree(page: Page, review: Locator): Promise<Shown> {
  const window = page.getByRole('dialog', { name: /^Review: / })
  await window.getByText('Exactly what is signed').click()
  const shown = await whatIsShown(window)
  // The next review may follow at once, in a window of its own.
  const [shownWindow] = await window.elementHandles()
  await review.click()
  await shownWindow?.waitForElementState('hidden')
  return shown
}

/** Reads a review whose request is unfolded. */
export async function whatIsShown(review: Locator): Promise<Shown> {
  const title = (await review.getByRole('heading').first().textContent()) ?? ''
  const raw = await review.getByLabel('Request to the wallet').inputValue()
  return { title: title.replace(/^Review: /, ''), raw }
}
