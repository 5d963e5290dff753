import { type Browser, expect, type Page } from '@playwright/test'
import { expectGoodLooks, expectPlainWords, expectToFitEnlarged } from './looks.ts'
import type { RunningNetwork } from './network.ts'
import { agreeUntil, becomeDemoPerson } from './people.ts'
import { test } from './story.ts'

type Tour = {
  readonly look: (page: Page, name: string) => Promise<void>
  readonly newPage: () => Promise<Page>
  readonly network: RunningNetwork
}

for (const [device, width, colorScheme] of [
  ['a desk', 1280, 'light'],
  ['a phone at night', 360, 'dark'],
] as const) {
  const tourOf = (browser: Browser, network: RunningNetwork): Tour => ({
    look: async (page, name) => {
      await expectGoodLooks(page, name)
      if (width < 400) await expectToFitEnlarged(page, name)
    },
    newPage: async () => await (await browser.newContext({ viewport: { width, height: 740 }, colorScheme })).newPage(),
    network,
  })
  test(`a stranger can read and use every page on ${device}`, async ({ browser, network }) => {
    await asStranger(tourOf(browser, network))
  })
  test(`a patient can read and use every window on ${device}`, async ({ browser, network }) => {
    test.setTimeout(240_000)
    await asPatient(tourOf(browser, network))
  })
  test(`a hospital can read and use its desk on ${device}`, async ({ browser, network }) => {
    test.setTimeout(240_000)
    await asHospital(tourOf(browser, network))
  })
}

async function asStranger({ look, newPage, network }: Tour): Promise<void> {
  const page = await newPage()
  for (const name of ['', 'patient', 'doctor', 'hospital', 'network', 'policy']) {
    await page.goto(`${network.url}/${name}`)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(page.getByText('Finding the network…')).toHaveCount(0)
    if (name === 'network') await expect(page.getByText('9 of 9 up')).toBeVisible()
    if (name === 'policy') await expect(page.getByRole('slider', { name: /^n,/ })).toBeVisible()
    await look(page, name || 'home')
  }
  await page.goto(`${network.url}/patient`)
  await page.getByRole('button', { name: 'Choose a wallet' }).click()
  await look(page, 'wallets')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Sharewell demo wallet/ })
    .click()
  await expect(page.getByRole('dialog', { name: 'Who do you want to be?' })).toBeVisible()
  await look(page, 'people')
}

async function asPatient({ look, newPage, network }: Tour): Promise<void> {
  const patient = await newPage()
  const lookAsPatient = async (page: Page, name: string): Promise<void> => {
    await look(page, name)
    await expectPlainWords(page, name)
  }
  const doctor = await newPage()
  await becomeDemoPerson(patient, `${network.url}/patient`, 'Lenora Hermiston')
  await lookAsPatient(patient, 'vault')
  await patient.getByRole('button', { name: 'Make my vault' }).click()
  await patient.getByRole('button', { name: 'Continue to the wallet' }).click()
  await expect(patient.getByRole('button', { name: 'Sign' })).toBeVisible()
  await lookAsPatient(patient, 'demo-wallet')
  const mailbox = patient.getByRole('button', { name: 'Open my mailbox' })
  await agreeUntil(patient, mailbox)
  await lookAsPatient(patient, 'patient-closed')
  await mailbox.click()
  await agreeUntil(patient, patient.getByRole('button', { name: 'Open Laboratory' }))
  await lookAsPatient(patient, 'patient-open')
  await patient.getByRole('button', { name: 'Show my code' }).click()
  await patient.getByRole('button', { name: 'Make the code' }).click()
  await agreeUntil(patient, patient.getByRole('img', { name: 'Patient code as a QR code' }))
  const code = await patient.getByRole('dialog').getByRole('textbox').inputValue()
  await lookAsPatient(patient, 'code')
  await patient.keyboard.press('Escape')
  await patient.getByRole('button', { name: 'Become a patient at another hospital' }).click()
  await lookAsPatient(patient, 'another-hospital')
  await patient.keyboard.press('Escape')

  await becomeDemoPerson(doctor, `${network.url}/doctor`, 'Dr. Amara Okafor')
  await look(doctor, 'doctor')
  await doctor.getByLabel('Patient code or consent receipt').fill(code)
  await doctor.getByRole('button', { name: 'Find', exact: true }).click()
  await doctor.getByLabel('Why do you ask?').fill('Before your next visit.')
  await doctor.getByText('What I need').click()
  await look(doctor, 'doctor-asks')
  await doctor.getByRole('button', { name: 'Ask', exact: true }).click()
  await expect(doctor.getByRole('dialog')).toBeVisible()
  await doctor.getByText('Exactly what is signed').click()
  await look(doctor, 'doctor-reviews')
  await agreeUntil(doctor, doctor.getByText('The question stands in the public ledger.'))

  await patient.getByRole('button', { name: 'Read the note' }).click()
  await agreeUntil(patient, patient.getByText('Before your next visit.'))
  await lookAsPatient(patient, 'patient-asked')
  await patient.getByRole('button', { name: 'Choose what to share' }).click()
  const grant = patient.getByRole('dialog', { name: 'Give access' })
  await grant.getByRole('checkbox', { name: 'Laboratory' }).check()
  await grant.getByRole('radio', { name: 'Another day' }).check()
  await grant.getByRole('textbox', { name: 'Last day' }).fill('2099-12-31')
  await lookAsPatient(patient, 'grant')
  await grant.getByRole('button', { name: 'Review' }).click()
  await expect(patient.getByRole('dialog', { name: /^Review/ })).toBeVisible()
  await lookAsPatient(patient, 'grant-review')
  await agreeUntil(patient, patient.getByText('Nobody is waiting for your answer'))
  await lookAsPatient(patient, 'patient-granted')
  await patient.getByRole('button', { name: 'Never this person' }).first().click()
  await lookAsPatient(patient, 'never')
  await patient.keyboard.press('Escape')
  await shareWithTeams(patient, lookAsPatient)

  await doctor
    .getByRole('button', { name: /^Open / })
    .first()
    .click()
  const opened = doctor.getByRole('region').filter({ hasText: 'every byte checked against the public ledger' })
  await agreeUntil(doctor, opened, { timeout: 90_000 })
  await doctor.getByText('How it came together').click()
  for (const tab of await opened.getByRole('tab').all()) {
    await tab.click()
    await look(doctor, `record-${(await tab.innerText()).replace(/\W+/g, '-').toLowerCase()}`)
  }
  await patient.getByRole('button', { name: 'Stop sharing with everyone' }).click()
  await agreeUntil(patient, patient.getByText('Nobody can see your data'))
  await patient.getByText(/^Over or refused/).click()
  await lookAsPatient(patient, 'patient-stopped')
  await doctor.getByText('I was given a receipt').click()
  await doctor.getByRole('textbox', { name: 'Consent receipt' }).fill('sharewell-consent1:nothing')
  await doctor.getByRole('button', { name: 'Add the receipt' }).click()
  await expect(doctor.getByText('Ask the patient to show the receipt again')).toBeVisible()
  await look(doctor, 'doctor-stopped')

  await patient.getByRole('link', { name: 'Network' }).click()
  await patient.getByRole('combobox', { name: 'Record', exact: true }).selectOption({ index: 1 })
  await patient.getByRole('button', { name: 'Show its shares' }).click()
  await agreeUntil(patient, patient.getByText('5 of 5 shares are there; any 3 rebuild the record.'))
  await look(patient, 'shares')
}

/** Several at once, one of them a role, all of them hidden. */
async function shareWithTeams(patient: Page, look: Tour['look']): Promise<void> {
  await patient.getByRole('button', { name: 'Give access without a request' }).click()
  const grant = patient.getByRole('dialog', { name: 'Give access' })
  await grant.getByRole('radio', { name: /^A role there/ }).check()
  await grant.getByRole('combobox', { name: 'Hospital or department' }).selectOption({ index: 1 })
  await grant.getByRole('combobox', { name: 'Role' }).selectOption({ label: 'Nurses' })
  await grant.getByRole('button', { name: 'Add somebody else' }).click()
  await grant.getByRole('combobox', { name: 'Person' }).selectOption({ index: 1 })
  await grant.getByRole('checkbox', { name: 'Laboratory' }).check()
  await grant.getByRole('checkbox', { name: /^Keep from the public ledger/ }).check()
  await look(patient, 'teams')
  await grant.getByRole('radio', { name: /^One person/ }).scrollIntoViewIfNeeded()
  await look(patient, 'teams-top')
  await grant.getByRole('button', { name: 'Review' }).click()
  await expect(patient.getByRole('dialog', { name: /^Review/ })).toBeVisible()
  await look(patient, 'teams-review')
  const handOver = patient.getByRole('dialog', { name: 'Hand over the receipt' })
  await agreeUntil(patient, handOver)
  await look(patient, 'receipts')
  await handOver.getByRole('button', { name: 'Done' }).click()
}

async function asHospital({ look, newPage, network }: Tour): Promise<void> {
  const page = await newPage()
  await becomeDemoPerson(page, `${network.url}/hospital`, 'Harbor General Hospital, records office')
  await expect(page.getByText('Let this device deposit')).toBeVisible()
  await look(page, 'device')
  await page.getByRole('button', { name: 'Authorize this device' }).click()
  await agreeUntil(page, page.getByText('Deposit a record'))
  await look(page, 'desk')
  await page.getByLabel('Patient', { exact: true }).selectOption({ index: 1 })
  const name = 'a-name-that-somebody-made-very-very-long-because-the-scanner-wanted-it-so.pdf'
  await page
    .getByLabel('File')
    .setInputFiles({ name, mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 nothing') })
  await page.getByRole('button', { name: 'Deposit', exact: true }).click()
  await agreeUntil(page, page.getByText('1 record deposited'))
  await page
    .getByText(/receipts$/)
    .first()
    .click()
  await look(page, 'deposited')
}
