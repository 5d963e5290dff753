import { readFile } from 'node:fs/promises'
import { expect, type Page } from '@playwright/test'
import { patientReadFaults, structureFaults } from '../helpers/audit-event.ts'
import { expectGoodLooks, expectPlainWords, expectToFitEnlarged } from './looks.ts'
import { meetDoctor, meetNewPatient, newestPatient, share } from './meetings.ts'
import { agreeUntil } from './people.ts'
import { test } from './story.ts'

/** Presses a button that saves a file, and reads the file. */
async function saved(page: Page, name: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()])
  return await readFile(await download.path(), 'utf8')
}

test('a patient reads who opened what, narrows the list, and takes it along', async ({ browser, network }) => {
  test.setTimeout(240_000)
  const { page: patient, mailbox } = await meetNewPatient(browser, network, 'Marcy DuBuque')
  const card = patient.getByRole('region', { name: 'Who saw what' })
  await expect(card.getByText('Open your mailbox to see it')).toBeVisible()
  await mailbox.click()
  // Stories share a network: somebody may have opened something before.
  await agreeUntil(patient, card.getByText(/^(Nobody has opened your records|\d+ openings?)$/))
  const openings = card.getByRole('list', { name: 'Openings' }).getByRole('listitem')
  const before = await openings.count()

  const dialog = await share(patient, async (window) => {
    await window
      .getByRole('combobox', { name: 'Person' })
      .selectOption({ label: 'Dr. Amara Okafor, Harbor General Hospital' })
  })
  await dialog.getByRole('button', { name: 'Review' }).click()
  await agreeUntil(patient, patient.getByText('1 can see your data'))

  const doctor = await meetDoctor(browser, network, 'Dr. Amara Okafor')
  await newestPatient(doctor, 'Harbor General Hospital').click()
  await doctor
    .getByRole('button', { name: /^Open / })
    .first()
    .click()
  const opened = doctor.getByRole('region').filter({ hasText: 'every byte checked against the public ledger' })
  await agreeUntil(doctor, opened, { timeout: 90_000 })

  await card.getByRole('button', { name: 'Refresh' }).click()
  await agreeUntil(patient, openings.nth(before))
  await expect(openings).toHaveCount(before + 1)
  await expect(openings.first()).toContainText('Dr. Amara Okafor')
  await expect(openings.first()).toContainText('opened Laboratory, for treatment')
  await expect(card.getByRole('status')).toHaveText(before === 0 ? '1 opening' : `${before + 1} openings`)
  await expectGoodLooks(patient, 'who-saw')
  await expectPlainWords(patient, 'who-saw')
  await expectToFitEnlarged(patient, 'who-saw')

  // The keyboard narrows the list, by the person and by the time.
  const who = card.getByRole('combobox', { name: 'By whom' })
  await who.focus()
  await patient.keyboard.press('ArrowDown')
  await expect(who.locator('option:checked')).toHaveText('Dr. Amara Okafor')
  await card.getByRole('combobox', { name: 'Which record' }).selectOption({ label: 'Laboratory' })
  await card.getByRole('combobox', { name: 'When' }).selectOption({ label: 'The last day' })
  await expect(openings.first()).toContainText('opened Laboratory, for treatment')

  expect(await saved(patient, 'Save as a table')).toMatch(
    /\r\n[^\r]*,Dr\. Amara Okafor,[^\r]*,Laboratory,1,TREAT,yes,yes,/,
  )
  const bundle = JSON.parse(await saved(patient, 'Save for another system (FHIR)')) as {
    entry: { resource: Record<string, unknown> }[]
  }
  expect(bundle.entry).toHaveLength(before + 1)
  for (const { resource } of bundle.entry)
    expect([...structureFaults(resource), ...patientReadFaults(resource)]).toEqual([])

  await patient.getByRole('button', { name: 'Stop sharing', exact: true }).click()
  await agreeUntil(patient, patient.getByText('Nobody can see your data'))
})
