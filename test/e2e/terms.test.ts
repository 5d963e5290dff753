import { expect } from '@playwright/test'
import { expectGoodLooks, expectPlainWords } from './looks.ts'
import { meetDoctor, meetPatient, newestPatient, share, stopEverything } from './meetings.ts'
import { agreeUntil, becomeDemoPerson } from './people.ts'
import { test } from './story.ts'

const narrow = { width: 320, height: 740 }
const wide = { width: 1280, height: 740 }

test('a patient allows two openings, sees them counted while a shift runs, and changes what is allowed', async ({
  browser,
  network,
}, info) => {
  test.setTimeout(300_000)
  const patient = await meetPatient(browser, network, 'Lenora Hermiston')
  const dialog = await share(patient, async (window) => {
    await window
      .getByRole('combobox', { name: 'Person' })
      .selectOption({ label: 'Dr. Amara Okafor, Harbor General Hospital' })
    await window.getByRole('radio', { name: /^So many times/ }).check()
  })
  await dialog.getByRole('button', { name: 'Review' }).click()
  await expect(dialog.getByRole('alert')).toHaveText('Write how often: a whole number of times, from 1.')
  await dialog.getByRole('textbox', { name: 'How many times' }).fill('2')
  await dialog.getByRole('button', { name: 'Review' }).click()
  const [review] = await agreeUntil(patient, patient.getByText('1 can see your data'))
  const { message } = JSON.parse(review?.raw ?? '{}') as { message: { useLimit: number } }
  expect(Number(message.useLimit)).toBe(2)
  const row = patient.getByRole('listitem').filter({ hasText: 'Dr. Amara Okafor' })
  await expect(row.getByText('may be opened 2 times more')).toBeVisible()

  const doctor = await meetDoctor(browser, network, 'Dr. Amara Okafor')
  await doctor.getByRole('button', { name: 'Begin my shift' }).click()
  await agreeUntil(doctor, doctor.getByRole('region', { name: 'Your shift', exact: true }))
  await newestPatient(doctor, 'Riverside Medical Center').click()
  await expect(doctor.getByText('may be opened 2 times more').first()).toBeVisible()
  await doctor
    .getByRole('button', { name: /^Open / })
    .first()
    .click()
  const opened = doctor.getByRole('region').filter({ hasText: 'every byte checked against the public ledger' })
  const asked = doctor.getByRole('button', { name: /^(Continue to the wallet|Sign|Confirm)$/ })
  await opened.or(asked).first().waitFor({ timeout: 90_000 })
  await expect(asked).toHaveCount(0)
  await expect(doctor.getByText('may be opened once more').first()).toBeVisible()
  await doctor.screenshot({ path: info.outputPath('doctor.png'), fullPage: true })

  await expect(row.getByText('may be opened once more')).toBeVisible()
  await row.getByRole('button', { name: /^Change what you allowed/ }).click()
  const change = patient.getByRole('dialog', { name: 'Change what you allowed' })
  await expect(change.getByRole('radio', { name: /^As now/ })).toBeChecked()
  await expect(change.getByRole('radio', { name: /^Once/ })).toBeChecked()
  await expect(change.getByRole('checkbox', { name: 'Laboratory' })).toBeChecked()
  await change.getByRole('checkbox', { name: 'Medications' }).check()
  await change.getByRole('radio', { name: /^So many times/ }).check()
  await change.getByRole('textbox', { name: 'How many times' }).fill('5')
  await patient.setViewportSize(narrow)
  await expectGoodLooks(patient, 'change')
  await expectPlainWords(patient, 'change')
  await change.getByRole('button', { name: 'Review' }).click()
  const changed = patient.getByRole('dialog', { name: /^Review: change what you allowed/ })
  await expect(changed.getByText('Once → 5 times')).toBeVisible()
  await expect(changed.getByText(/^Laboratory → .*Laboratory/)).toBeVisible()
  await expectGoodLooks(patient, 'change-review')
  await patient.setViewportSize(wide)
  await agreeUntil(patient, row.getByText('may be opened 5 times more'))
  await expect(doctor.getByText('may be opened 5 times more').first()).toBeVisible()
  await stopEverything(patient)
})

test('a patient lets a relative act for her: within limits, unmistakably, and until she ends it', async ({
  browser,
  network,
}, info) => {
  test.setTimeout(300_000)
  const relative = network.description.demo.people.find(({ name }) => name === 'Royal Purdy')?.accounts[0]?.address
  const patient = await meetPatient(browser, network, 'Marcy DuBuque')
  await patient.getByRole('button', { name: 'Name somebody' }).click()
  const dialog = patient.getByRole('dialog', { name: 'Let somebody act for me' })
  await dialog.getByLabel('Their account').fill('my brother')
  await dialog.getByRole('button', { name: 'Review' }).click()
  await expect(dialog.getByRole('alert')).toContainText('Paste the account of that person')
  await dialog.getByLabel('Their account').fill(`ethereum:${relative}`)
  await dialog.getByRole('checkbox', { name: 'Laboratory' }).check()
  await patient.setViewportSize(narrow)
  await expectGoodLooks(patient, 'delegate')
  await expectPlainWords(patient, 'delegate')
  await patient.setViewportSize(wide)
  await dialog.getByRole('button', { name: 'Review' }).click()
  const [review] = await agreeUntil(patient, patient.getByText('1 may act for you'))
  expect(JSON.parse(review?.raw ?? '{}')).toMatchObject({ primaryType: 'Delegate' })

  const other = await (await browser.newContext()).newPage()
  await becomeDemoPerson(other, `${network.url}/patient`, 'Royal Purdy')
  const choice = other.getByRole('combobox', { name: 'I act for' })
  await choice.selectOption({ index: 1 })
  const banner = other.getByRole('region', { name: 'You act for somebody else' })
  await expect(banner.getByText(/^You act for the patient 0x.*, not for yourself/)).toBeVisible()
  await expect(other.getByRole('button', { name: 'Make my vault' })).toHaveCount(0)
  await expectGoodLooks(other, 'acting')
  await other
    .getByRole('button', { name: /^Open / })
    .first()
    .click()
  const opened = other.getByRole('region').filter({ hasText: 'every byte checked against the public ledger' })
  await agreeUntil(other, opened, { timeout: 90_000 })
  await other.screenshot({ path: info.outputPath('acting.png'), fullPage: true })

  await patient.getByRole('button', { name: 'End it' }).click()
  await agreeUntil(patient, patient.getByText('Nobody acts for you'))
  await expect(banner).toHaveCount(0)
  await expect(other.getByRole('button', { name: 'Make my vault' })).toBeVisible()
})
