import { expect } from '@playwright/test'
import { knownLabValue } from './demo-record.ts'
import { codeOf, meetDoctor, meetPatient } from './meetings.ts'
import { agreeUntil } from './people.ts'
import { test } from './story.ts'

test('with the demo wallet a doctor asks, the patient grants, the doctor opens a laboratory value, the patient stops, the doctor is refused', async ({
  browser,
  network,
}) => {
  test.setTimeout(240_000)
  const patient = await meetPatient(browser, network, 'Royal Purdy')
  const code = await codeOf(patient)
  const doctor = await meetDoctor(browser, network, 'Dr. Amara Okafor')
  await doctor.getByLabel('Patient code or consent receipt').fill(code)
  await doctor.getByRole('button', { name: 'Find', exact: true }).click()
  await doctor.getByLabel('Why do you ask?').fill('Your blood sugar, before Tuesday.')
  await doctor.getByRole('button', { name: 'Ask', exact: true }).click()
  await agreeUntil(doctor, doctor.getByText('The question stands in the public ledger.'))
  await expect(doctor.getByRole('button', { name: /^Open / })).toHaveCount(0)

  await patient.getByRole('button', { name: 'Read the note' }).click()
  await agreeUntil(patient, patient.getByText('Your blood sugar, before Tuesday.'))
  await patient.getByRole('button', { name: 'Choose what to share' }).click()
  const grant = patient.getByRole('dialog', { name: 'Give access' })
  await grant.getByRole('checkbox', { name: 'Laboratory' }).check()
  await grant.getByRole('button', { name: 'Review' }).click()
  const [review] = await agreeUntil(patient, patient.getByText('Nobody is waiting for your answer'))
  // The patient signs; a relayer pays for sending it on.
  const { primaryType, message } = JSON.parse(review?.raw ?? '{}') as {
    primaryType?: string
    message?: { nonce: string }
  }
  expect(primaryType).toBe('Grant')
  expect(BigInt(message?.nonce ?? 0)).toBeGreaterThan(0n)

  await doctor
    .getByRole('button', { name: /^Open / })
    .first()
    .click()
  const opened = doctor.getByRole('region').filter({ hasText: 'every byte checked against the public ledger' })
  await agreeUntil(doctor, opened, { timeout: 90_000 })
  const value = knownLabValue('royal-purdy', '4548-4')
  await expect(opened.getByText(value.name).first()).toBeVisible()
  await expect(opened.getByText(value.shown).first()).toBeVisible()

  await patient.getByRole('button', { name: 'Stop sharing' }).click()
  await agreeUntil(patient, patient.getByText('Nobody can see your data'))
  await opened.getByRole('button', { name: 'Close', exact: true }).click()
  // The list learns of it by itself; whoever tries all the same is told why not.
  await expect(doctor.getByRole('heading', { name: /^The patient stopped sharing/ })).toBeVisible()
  await doctor
    .getByText(/closed record/)
    .first()
    .click()
  await doctor
    .getByRole('button', { name: /^Try to open / })
    .first()
    .click()
  await agreeUntil(doctor, doctor.getByRole('status').getByText('The patient stopped sharing'))
})
