import { expect } from '@playwright/test'
import { meetDoctor, meetPatient, newestPatient, share, stopEverything } from './meetings.ts'
import { agreeUntil } from './people.ts'
import { test } from './story.ts'

test('a patient shares with every doctor of a hospital, with one person at once, and refuses another for good', async ({
  browser,
  network,
}) => {
  test.setTimeout(240_000)
  const patient = await meetPatient(browser, network, 'Royal Purdy')
  const dialog = await share(patient, async (window) => {
    await window.getByRole('radio', { name: /^A role there/ }).check()
    await window
      .getByRole('combobox', { name: 'Hospital or department' })
      .selectOption({ label: 'Harbor General Hospital' })
    await window.getByRole('combobox', { name: 'Role' }).selectOption({ label: 'Doctors' })
    await expect(window.getByText(/Every doctor at Harbor General Hospital .*also those hired later/)).toBeVisible()
    await window.getByRole('button', { name: 'Add somebody else' }).click()
    await window.getByRole('radio', { name: /^One person/ }).check()
    await window
      .getByRole('combobox', { name: 'Person' })
      .selectOption({ label: 'Dr. Jonas Lindqvist, Riverside Medical Center' })
  })
  await dialog.getByRole('button', { name: 'Review' }).click()
  const [review] = await agreeUntil(patient, patient.getByText('2 can see your data'))
  expect(JSON.parse(review?.raw ?? '{}')).toMatchObject({ primaryType: 'GrantMany' })

  const okafor = await meetDoctor(browser, network, 'Dr. Amara Okafor')
  await newestPatient(okafor, 'Harbor General Hospital').click()
  await expect(okafor.getByRole('button', { name: /^Open / })).not.toHaveCount(0)
  const lindqvist = await meetDoctor(browser, network, 'Dr. Jonas Lindqvist')
  await newestPatient(lindqvist, 'Harbor General Hospital').click()
  await expect(lindqvist.getByRole('button', { name: /^Open / })).not.toHaveCount(0)

  // Refused in person, the doctor is no longer one of the hospital's doctors to this patient.
  const row = patient.getByRole('listitem').filter({ hasText: 'Dr. Jonas Lindqvist' })
  await row.getByRole('button', { name: 'Never this person' }).first().click()
  await patient.getByRole('dialog').getByRole('button', { name: 'Refuse for good' }).click()
  await agreeUntil(patient, patient.getByText('1 can see your data'))
  await expect(lindqvist.getByRole('heading', { name: /^The patient said no/ })).toBeVisible()
  await expect(okafor.getByRole('button', { name: /^Open / })).not.toHaveCount(0)

  await stopEverything(patient)
  await expect(okafor.getByRole('heading', { name: /^The patient stopped sharing/ })).toBeVisible()
  await patient.getByText(/^Over or refused/).click()
  const back = patient.getByRole('button', { name: 'Take the refusal back' })
  await back.click()
  await agreeUntil(patient, row.getByText(/^stopped/).first())
  await expect(back).toHaveCount(0)
})

test('a patient keeps from the public ledger who reads, and hands the doctor a receipt', async ({
  browser,
  network,
}) => {
  test.setTimeout(240_000)
  const patient = await meetPatient(browser, network, 'Marcy DuBuque')
  const dialog = await share(patient, async (window) => {
    await window
      .getByRole('combobox', { name: 'Person' })
      .selectOption({ label: 'Dr. Amara Okafor, Harbor General Hospital' })
    await window.getByRole('checkbox', { name: /^Keep from the public ledger who reads/ }).check()
  })
  await dialog.getByRole('button', { name: 'Review' }).click()
  const handOver = patient.getByRole('dialog', { name: 'Hand over the receipt' })
  const [review] = await agreeUntil(patient, handOver)
  const okaforAccount = network.description.demo.people.find(({ id }) => id === 'okafor')?.accounts[0]?.address ?? '?'
  expect(review?.raw.toLowerCase()).not.toContain(okaforAccount.slice(2).toLowerCase())
  await expect(handOver.getByRole('img', { name: 'Consent receipt as a QR code' })).toBeVisible()
  const receipt = await handOver.getByRole('textbox').inputValue()
  await handOver.getByRole('button', { name: 'Done' }).click()
  await expect(patient.getByText('not shown in the public ledger').first()).toBeVisible()

  const lindqvist = await meetDoctor(browser, network, 'Dr. Jonas Lindqvist')
  await lindqvist.getByLabel('Patient code or consent receipt').fill(receipt)
  await lindqvist.getByRole('button', { name: 'Find', exact: true }).click()
  await expect(lindqvist.getByText('The patient made it out to another person.')).toBeVisible()

  const okafor = await meetDoctor(browser, network, 'Dr. Amara Okafor')
  await okafor.getByLabel('Patient code or consent receipt').fill(receipt)
  await okafor.getByRole('button', { name: 'Find', exact: true }).click()
  await okafor
    .getByRole('button', { name: /^Open / })
    .first()
    .click()
  const opened = okafor.getByRole('region').filter({ hasText: 'every byte checked against the public ledger' })
  await agreeUntil(okafor, opened, { timeout: 90_000 })
  await expect(opened.getByRole('heading', { level: 2, name: 'Laboratory' })).toBeVisible()

  // The receipt is found again, and a stop counts for it as for every permission.
  await patient.getByRole('button', { name: 'Show the receipt' }).click()
  await expect(patient.getByRole('dialog').getByRole('textbox')).toHaveValue(receipt)
  await patient.keyboard.press('Escape')
  await stopEverything(patient)
  await expect(okafor.getByRole('heading', { name: /^The patient stopped sharing/ })).toBeVisible()
})

test('where nobody sends a decision on, the patient is told and sends it from the own wallet', async ({
  browser,
  network,
}) => {
  test.setTimeout(180_000)
  const patient = await meetPatient(browser, network, 'Lenora Hermiston')
  await patient.route(/\/v1\/consents$/, (route) => route.abort())
  const dialog = await share(patient, async (window) => {
    await window.getByRole('radio', { name: /^A hospital or department/ }).check()
    await window
      .getByRole('combobox', { name: 'Hospital or department' })
      .selectOption({ label: 'Riverside Medical Center' })
  })
  await dialog.getByRole('button', { name: 'Review' }).click()
  const own = dialog.getByRole('button', { name: 'Send it from my own wallet' })
  const [signed] = await agreeUntil(patient, own)
  await expect(dialog.getByText('Your decision was not sent on')).toBeVisible()
  await own.click()
  const [sent] = await agreeUntil(patient, patient.getByText('1 can see your data'))
  expect(signed?.title).toBe(sent?.title)

  await patient.unroute(/\/v1\/consents$/)
  await stopEverything(patient)
})
