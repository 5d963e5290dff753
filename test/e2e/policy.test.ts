import { expect, type Page } from '@playwright/test'
import { expectGoodLooks, expectToFitEnlarged } from './looks.ts'
import { agreeUntil, becomeDemoPerson } from './people.ts'
import { test } from './story.ts'

const slider = (page: Page, name: RegExp) => page.getByRole('slider', { name })

test('a hospital chooses n, t and r, tries them on its device, deposits under them, and takes them back', async ({
  page,
  network,
}) => {
  test.setTimeout(240_000)
  await becomeDemoPerson(page, `${network.url}/hospital`, 'Harbor General Hospital, records office')
  await page.getByRole('button', { name: 'Authorize this device' }).click()
  await agreeUntil(page, page.getByText('Deposit a record'))
  await page.getByRole('link', { name: 'Choose the numbers yourself' }).click()

  // By keyboard alone: seven nodes, four rebuild, one learns nothing.
  await expect(slider(page, /^n,/)).toHaveValue('5')
  await slider(page, /^n,/).focus()
  for (const key of ['ArrowRight', 'ArrowRight']) await page.keyboard.press(key)
  await slider(page, /^t,/).press('ArrowRight')
  await slider(page, /^r,/).press('ArrowRight')
  await expect(page.getByRole('img', { name: /^7 nodes: any 4 rebuild .* any 1 learn nothing\.$/ })).toBeVisible()
  await page.getByRole('button', { name: 'Measure on this device' }).click()
  await expect(page.getByText(/^100 MB in .* s \(/)).toHaveCount(2, { timeout: 60_000 })
  await page.getByRole('button', { name: 'Use for the next deposit' }).click()
  await expect(page.getByText('n = 7, t = 4, r = 1')).toBeVisible()

  await page.getByRole('link', { name: 'Hospital' }).click()
  const own = page.getByRole('radio', { name: /^As chosen: 7 shares, any 4 rebuild, 1 learn nothing/ })
  await expect(own).toBeChecked()
  await page.getByLabel('Patient', { exact: true }).selectOption({ index: 1 })
  const file = { name: 'note.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 nothing') }
  await page.getByLabel('File').setInputFiles(file)
  await page.getByRole('button', { name: 'Deposit', exact: true }).click()
  await agreeUntil(page, page.getByText('1 record deposited'))
  await page
    .getByText(/receipts$/)
    .first()
    .click()
  await page.getByRole('button', { name: 'Deposit another' }).click()
  await page.getByRole('button', { name: 'Undo my choice' }).click()
  await expect(own).toHaveCount(0)
  await expect(page.getByRole('radio', { name: /^Standard/ })).toBeChecked()
})

for (const [device, width, colorScheme] of [
  ['a desk', 1280, 'light'],
  ['a phone at night', 360, 'dark'],
] as const) {
  test(`three hundred nodes, and foolish choices, can be read on ${device}`, async ({ browser, network }) => {
    const page = await (await browser.newContext({ viewport: { width, height: 740 }, colorScheme })).newPage()
    await page.goto(`${network.url}/policy`)
    await expect(slider(page, /^n,/)).toBeVisible()
    await expectGoodLooks(page, 'policy')
    await page.getByRole('combobox', { name: 'Start from' }).selectOption('longterm')
    await expectGoodLooks(page, 'policy-longterm')
    await page.getByRole('spinbutton', { name: /^n,/ }).fill('300')
    await page.getByRole('spinbutton', { name: /^t,/ }).fill('300')
    await page.getByRole('combobox', { name: 'Start from' }).selectOption('paper')
    await expect(page.getByText('A deposit needs 300 operators, this network has 9.')).toBeVisible()
    await page.getByRole('button', { name: 'Measure on this device' }).click()
    await expect(page.getByText(/^100 MB in /)).toHaveCount(2, { timeout: 60_000 })
    await page.getByText('The same as a table').click()
    await expectGoodLooks(page, 'policy-foolish')
    await expectToFitEnlarged(page, 'policy-foolish')
  })
}
