import { expect, type Page } from '@playwright/test'
import { codeOf, meetDoctor, meetPatient } from './meetings.ts'
import { agreeUntil, whatIsShown } from './people.ts'
import { test } from './story.ts'

/** Fails where this page, or the demo's wallet on it, asks anything until `done` can be seen. */
async function untilUnasked(page: Page, done: ReturnType<Page['getByText']>): Promise<void> {
  const asked = page.getByRole('button', { name: /^(Continue to the wallet|Sign|Confirm)$/ })
  await done.or(asked).first().waitFor({ timeout: 90_000 })
  await expect(asked).toHaveCount(0)
}

test('a doctor signs once a shift: what it allows is shown first, records then open unasked, and one tap ends it', async ({
  browser,
  network,
}, info) => {
  test.setTimeout(240_000)
  const patient = await meetPatient(browser, network, 'Lenora Hermiston')
  const code = await codeOf(patient)
  const doctor = await meetDoctor(browser, network, 'Dr. Amara Okafor')
  await doctor.getByRole('button', { name: 'Begin my shift' }).click()
  const review = doctor.getByRole('dialog', { name: /^Review: begin your shift/ })
  await expect(review.getByText('Whoever sits at this screen meanwhile opens records in your name.')).toBeVisible()
  await review.getByText('Exactly what is signed').click()
  const { raw } = await whatIsShown(review)
  const { primaryType, message } = JSON.parse(raw) as {
    primaryType: string
    message: { purposes: number; until: number }
  }
  expect([primaryType, Number(message.purposes)]).toEqual(['OpenSession', 1])
  expect(Number(message.until)).toBeLessThanOrEqual(Date.now() / 1000 + 8 * 3_600)
  await review.getByRole('button', { name: 'Continue to the wallet' }).click()
  const mark = doctor.getByRole('region', { name: 'Your shift', exact: true })
  await agreeUntil(doctor, mark)
  await expect(mark.getByText(/^Your shift runs until \d\d:\d\d/)).toBeVisible()

  await doctor.getByLabel('Patient code or consent receipt').fill(code)
  await doctor.getByRole('button', { name: 'Find', exact: true }).click()
  await doctor.getByLabel('Why do you ask?').fill('Before your operation.')
  await doctor.getByRole('button', { name: 'Ask', exact: true }).click()
  await agreeUntil(doctor, doctor.getByText('The question stands in the public ledger.'))

  await patient.getByRole('button', { name: 'Choose what to share' }).click()
  const grant = patient.getByRole('dialog', { name: 'Give access' })
  await grant.getByRole('checkbox', { name: 'Laboratory' }).check()
  await grant.getByRole('button', { name: 'Review' }).click()
  await agreeUntil(patient, patient.getByText('Nobody is waiting for your answer'))

  const open = doctor.getByRole('button', { name: /^Open / }).first()
  await open.click()
  const opened = doctor.getByRole('region').filter({ hasText: 'every byte checked against the public ledger' })
  await untilUnasked(doctor, opened)
  await doctor.evaluate(() => window.scrollTo(0, 0))
  await doctor.screenshot({ path: info.outputPath('on-shift.png') })
  await opened.getByRole('button', { name: 'Close', exact: true }).click()
  await open.click()
  await untilUnasked(doctor, opened)
  await opened.getByRole('button', { name: 'Close', exact: true }).click()

  await mark.getByRole('button', { name: 'End my shift' }).click()
  await untilUnasked(doctor, doctor.getByRole('button', { name: 'Begin my shift' }))
  await doctor.screenshot({ path: info.outputPath('off-shift.png'), fullPage: true })
  await open.click()
  await expect(doctor.getByRole('button', { name: /^(Continue to the wallet|Sign)$/ }).first()).toBeVisible()
})
