import { type Browser, expect, type Page } from '@playwright/test'
import { agreeByKeys, press, tabTo, type } from './keyboard.ts'
import { expectGoodLooks, expectPlainWords, expectToFitEnlarged } from './looks.ts'
import type { RunningNetwork } from './network.ts'
import { agreeUntil, becomeDemoPerson } from './people.ts'
import { test } from './story.ts'

const newPage = async (browser: Browser): Promise<Page> => await (await browser.newContext()).newPage()

/** Somebody of the hospital's staff, at their page. */
async function meetStaff(browser: Browser, { url }: RunningNetwork, name: string): Promise<Page> {
  const page = await newPage(browser)
  await becomeDemoPerson(page, `${url}/doctor`, name)
  return page
}

/** The text that a screen shows to hand over. */
const handedOver = (page: Page): Promise<string> =>
  page.getByRole('textbox', { name: /^The same as text/ }).inputValue()

test('a clinician and an officer open a summary, the patient sees it at once, and a reviewer looks at it', async ({
  browser,
  network,
}) => {
  test.setTimeout(300_000)
  const known = network.description.demo.people.flatMap(({ patients }) => patients ?? [])
  const code = known.find(({ label }) => label === 'Royal Purdy')?.pseudonym ?? ''

  const patient = await newPage(browser)
  await becomeDemoPerson(patient, `${network.url}/patient`, 'Royal Purdy')
  await patient.getByRole('button', { name: 'Make my vault' }).click()
  await agreeUntil(patient, patient.getByRole('button', { name: 'Open my mailbox' }))
  const told = patient.getByText('An emergency was declared for you at Harbor General Hospital')
  const before = await told.count()

  // The clinician asks, by keys alone.
  const clinician = await meetStaff(browser, network, 'Dr. Sofia Marin')
  await type(clinician, clinician.getByRole('textbox', { name: 'Patient code or consent receipt' }), code)
  await press(clinician, clinician.getByRole('button', { name: 'Find', exact: true }))
  await press(clinician, clinician.getByRole('button', { name: 'Declare an emergency' }))
  const declare = clinician.getByRole('dialog', { name: 'Declare an emergency' })
  await expect(declare.getByText(/The patient is told at once/)).toBeVisible()
  await expect(declare.getByRole('button', { name: 'Declare it' })).toBeDisabled()
  await type(clinician, declare.getByRole('textbox'), 'unconscious, allergies unknown')
  await tabTo(clinician, declare.getByRole('checkbox'))
  await clinician.keyboard.press('Space')
  await expectGoodLooks(clinician, 'declare')
  await expectToFitEnlarged(clinician, 'declare')
  await press(clinician, declare.getByRole('button', { name: 'Declare it' }))
  const [asked] = await agreeByKeys(clinician, clinician.getByRole('heading', { name: 'Hand this to the officer' }))
  expect(asked?.title).toBe('break the glass')
  const request = await handedOver(clinician)
  await expectGoodLooks(clinician, 'asked')
  await expectToFitEnlarged(clinician, 'asked')
  // Nothing is open, and nobody was told yet.
  await expect(told).toHaveCount(before)

  const officer = await meetStaff(browser, network, 'Helen Voss')
  const box = officer.getByRole('textbox', { name: 'The request' })
  await box.fill(request.slice(0, -8))
  await officer.getByRole('button', { name: 'Look at it' }).click()
  await expect(officer.getByText('This opens no emergency')).toBeVisible()
  await box.fill(request)
  await officer.getByRole('button', { name: 'Look at it' }).click()
  await expect(officer.getByText('unconscious, allergies unknown')).toBeVisible()
  await expect(officer.getByText('Dr. Sofia Marin', { exact: true })).toBeVisible()
  const agree = officer.getByRole('button', { name: 'Agree and break the glass' })
  await expect(agree).toBeDisabled()
  await expectGoodLooks(officer, 'officer')
  await expectToFitEnlarged(officer, 'officer')
  await officer.getByRole('checkbox', { name: /^I made sure who asks/ }).check()
  await agree.click()
  await agreeUntil(officer, officer.getByText('You agreed. Hand this back to the clinician'), { timeout: 90_000 })
  const parts = await handedOver(officer)
  await expectGoodLooks(officer, 'agreed')

  // The patient is told at once, with both names.
  await expect(told).toHaveCount(before + 1)
  const notice = patient.getByRole('alert').filter({ has: told }).first()
  await expect(notice).toContainText('Dr. Sofia Marin')
  await expect(notice).toContainText('Helen Voss')
  await expectGoodLooks(patient, 'told')
  await expectPlainWords(patient, 'told')

  await clinician.getByRole('textbox', { name: 'What the officer handed back' }).fill(parts)
  await expectGoodLooks(clinician, 'open')
  await clinician.getByRole('button', { name: 'Open the emergency summary' }).click()
  const opened = clinician.getByRole('region').filter({ hasText: 'every byte checked against the public ledger' })
  await agreeUntil(clinician, opened, { timeout: 90_000 })
  await expect(opened.getByRole('heading', { name: 'Emergency summary' })).toBeVisible()
  await expect(opened).toContainText(/Ischemic heart disease|Clopidogrel|Fish/)
  await expectGoodLooks(clinician, 'summary')

  await clinician.getByRole('button', { name: 'Close the emergency' }).click()
  await agreeUntil(clinician, clinician.getByRole('button', { name: 'Declare an emergency' }))

  const reviewer = await meetStaff(browser, network, 'Ana Reyes')
  const list = reviewer.getByRole('region', { name: 'Emergencies to review' })
  await list.getByRole('button', { name: 'Review it' }).first().click()
  const review = reviewer.getByRole('dialog', { name: 'Review an emergency' })
  await review.getByText('Read the clinician’s reason').click()
  await review.getByRole('textbox', { name: 'The request that was signed' }).fill(request)
  await review.getByRole('button', { name: 'Read it' }).click()
  await expect(review.getByRole('status')).toContainText('unconscious, allergies unknown')
  await review.getByRole('radio', { name: 'It was justified' }).check()
  await review.getByRole('textbox', { name: /^Why/ }).fill('Brought in by ambulance, could not answer.')
  await expectGoodLooks(reviewer, 'review')
  await expectToFitEnlarged(reviewer, 'review')
  await review.getByRole('button', { name: 'Sign the review' }).click()
  await agreeUntil(reviewer, reviewer.getByText('Your verdict stands in the public ledger'))
  await reviewer.getByRole('button', { name: 'Done' }).click()
  await expect(list.getByText('justified', { exact: true }).first()).toBeVisible()
  await expectGoodLooks(reviewer, 'reviewed')

  await expect(patient.getByText('Reviewed: justified.').first()).toBeVisible()
})
