import { expect } from '@playwright/test'
import { agreeUntil, becomeDemoPerson } from './people.ts'
import { test } from './story.ts'

test('the network page shows every node up, what the chain saw, and no name of a patient', async ({
  page,
  network,
}) => {
  await page.goto(`${network.url}/network`)
  for (const count of ['9 of 9 up', '5 of 5 up', '3 of 3 up']) await expect(page.getByText(count)).toBeVisible()

  const events = page.getByRole('region', { name: 'Last events' })
  // Whatever happened last: other stories may have told much since the records were anchored.
  await events
    .getByText(/^block \d+$/)
    .first()
    .click()
  await expect(
    events
      .locator('details[open]')
      .getByText(/0x[0-9a-f]{4,}/i)
      .first(),
  ).toBeVisible()
  expect(await page.locator('main').innerText()).not.toMatch(/Purdy|Hermiston|DuBuque/)
})

test('a patient sees where the shares of an own record lie, and how many are there', async ({ page, network }) => {
  await becomeDemoPerson(page, `${network.url}/patient`, 'Lenora Hermiston')
  await page.getByRole('button', { name: 'Make my vault' }).click()
  await agreeUntil(page, page.getByRole('button', { name: 'Show my code' }))
  await page.getByRole('link', { name: 'Network' }).click()

  await page.getByRole('combobox', { name: 'Record', exact: true }).selectOption({ index: 1 })
  await page.getByRole('button', { name: 'Show its shares' }).click()
  await agreeUntil(page, page.getByRole('img', { name: '5 of 5 shares are there; any 3 rebuild the record.' }))
})
