import { expect } from '@playwright/test'
import { knownLabValue } from './demo-record.ts'
import { agreeByKeys, becomeByKeys, hasFocus, press, tabTo, type } from './keyboard.ts'
import { test } from './story.ts'

test('without a pointer a doctor asks, the patient grants, the doctor opens a laboratory value, the patient stops, the doctor is refused', async ({
  browser,
  network,
}) => {
  test.setTimeout(300_000)
  const patient = await (await browser.newContext()).newPage()
  const doctor = await (await browser.newContext()).newPage()
  const button = (page: typeof patient, name: string | RegExp) =>
    page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name }).first()

  await becomeByKeys(patient, `${network.url}/patient`, 'Marcy DuBuque')
  await press(patient, button(patient, 'Make my vault'))
  await agreeByKeys(patient, button(patient, 'Open my mailbox'))
  await press(patient, button(patient, 'Open my mailbox'))
  await agreeByKeys(patient, button(patient, 'Open Laboratory'))
  await press(patient, button(patient, 'Show my code'), 'Space')
  await press(patient, button(patient, 'Make the code'))
  await agreeByKeys(patient, patient.getByRole('img', { name: 'Patient code as a QR code' }))
  const code = await patient.getByRole('dialog').getByRole('textbox').inputValue()
  await patient.keyboard.press('Escape')
  // A window that closes gives the focus back to what opened it.
  expect(await hasFocus(button(patient, 'Show my code'))).toBe(true)

  await becomeByKeys(doctor, `${network.url}/doctor`, 'Dr. Jonas Lindqvist')
  await type(doctor, doctor.getByLabel('Patient code or consent receipt'), code)
  await press(doctor, button(doctor, 'Find'))
  await type(doctor, doctor.getByLabel('Why do you ask?'), 'Your cholesterol, before the operation.')
  await press(doctor, button(doctor, 'Ask'))
  await agreeByKeys(doctor, doctor.getByText('The question stands in the public ledger.'))

  await press(patient, button(patient, 'Read the note'))
  await agreeByKeys(patient, patient.getByText('Your cholesterol, before the operation.'))
  await press(patient, button(patient, 'Choose what to share'))
  const grant = patient.getByRole('dialog', { name: 'Give access' })
  await press(patient, grant.getByRole('checkbox', { name: 'Laboratory' }), 'Space')
  // The arrows choose another span, and choose back.
  await tabTo(patient, grant.getByRole('radio', { name: 'One week' }))
  await patient.keyboard.press('ArrowUp')
  await expect(grant.getByRole('radio', { name: 'One day' })).toBeChecked()
  await patient.keyboard.press('ArrowDown')
  await press(patient, grant.getByRole('button', { name: 'Review' }))
  const [review] = await agreeByKeys(patient, patient.getByText('Nobody is waiting for your answer'))
  expect(review?.title).toBe('give access')

  await press(doctor, button(doctor, /^Open /))
  const opened = doctor.getByRole('region').filter({ hasText: 'every byte checked against the public ledger' })
  await agreeByKeys(doctor, opened, { timeout: 90_000 })
  const tabs = opened.getByRole('tab')
  await tabTo(doctor, tabs.first())
  const value = knownLabValue('marcy-dubuque', '2571-8')
  const values = opened.getByRole('tab', { name: /^Values/ })
  for (let at = 0; at < (await tabs.count()) && !(await hasFocus(values)); at++)
    await doctor.keyboard.press('ArrowRight')
  expect(await hasFocus(values)).toBe(true)
  await expect(opened.getByText(value.name).first()).toBeVisible()
  await expect(opened.getByText(value.shown).first()).toBeVisible()

  await press(patient, button(patient, 'Stop sharing'))
  await agreeByKeys(patient, patient.getByText('Nobody can see your data'))
  // The button went with its row; the focus stays where it was pressed.
  expect(await hasFocus(patient.getByRole('heading', { name: 'Who can see my data' }))).toBe(true)
  await press(doctor, opened.getByRole('button', { name: 'Close', exact: true }))
  await expect(doctor.getByRole('heading', { name: /^The patient stopped sharing/ })).toBeVisible()
  await press(doctor, doctor.getByText(/closed record/).first())
  await press(doctor, button(doctor, /^Try to open /))
  await agreeByKeys(doctor, doctor.getByRole('status').getByText('The patient stopped sharing'))
})
