import { expect } from '@playwright/test'
import { meetPatient, share } from './meetings.ts'
import { agreeUntil } from './people.ts'
import { test } from './story.ts'

test('a patient who stopped sharing gives the record a new key, and erases another for good', async ({
  browser,
  network,
}) => {
  test.setTimeout(300_000)
  const patient = await meetPatient(browser, network, 'Lenora Hermiston')
  const dialog = await share(patient, async (window) => {
    await window.getByRole('radio', { name: /^A hospital or department/ }).check()
    await window
      .getByRole('combobox', { name: 'Hospital or department' })
      .selectOption({ label: 'Riverside Medical Center' })
  })
  await dialog.getByRole('button', { name: 'Review' }).click()
  await agreeUntil(patient, patient.getByText('1 can see your data'))
  await patient.getByRole('button', { name: 'Stop sharing', exact: true }).first().click()
  await agreeUntil(patient, patient.getByText('Nobody can see your data'))

  // What stopping can do and what it cannot stands there, with what can be done more.
  await expect(patient.getByText('What somebody has read, they have read. Nobody can take that back.')).toBeVisible()
  await patient.getByRole('button', { name: /^Give .* a new key$/ }).click()
  await agreeUntil(patient, patient.getByText(/nodes that keep shares and keys have signed/), { timeout: 180_000 })
  await expect(patient.getByRole('button', { name: /^Give .* a new key$/ })).toBeHidden()

  const erase = patient.getByRole('button', { name: /^Erase / }).last()
  const title = ((await erase.getAttribute('aria-label')) ?? '').replace(/^Erase /, '')
  await erase.click()
  const window = patient.getByRole('dialog', { name: `Erase ${title}` })
  await expect(window.getByRole('button', { name: 'Erase for good' })).toBeDisabled()
  await window.getByRole('textbox').fill('erase')
  await window.getByRole('button', { name: 'Erase for good' }).click()
  await agreeUntil(patient, patient.getByText(`${title} is erased`), { timeout: 90_000 })
})
