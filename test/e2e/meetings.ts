import type { Browser, Page } from '@playwright/test'
import type { RunningNetwork } from './network.ts'
import { agreeUntil, becomeDemoPerson } from './people.ts'

const newPage = async (browser: Browser): Promise<Page> => await (await browser.newContext()).newPage()

/** Opens the vault of somebody of the demo; `mailbox` is the button that is pressed next. */
export async function meetNewPatient(browser: Browser, network: RunningNetwork, name: string) {
  const page = await newPage(browser)
  await becomeDemoPerson(page, `${network.url}/patient`, name)
  await page.getByRole('button', { name: 'Make my vault' }).click()
  const mailbox = page.getByRole('button', { name: 'Open my mailbox' })
  await agreeUntil(page, mailbox)
  return { page, mailbox }
}

/** Opens the vault and the mailbox of somebody of the demo; returns the patient's page. */
export async function meetPatient(browser: Browser, network: RunningNetwork, name: string): Promise<Page> {
  const { page, mailbox } = await meetNewPatient(browser, network, name)
  await mailbox.click()
  await agreeUntil(page, page.getByRole('button', { name: 'Open Laboratory' }))
  // Stories share a network: this one begins with nothing shared.
  await stopEverything(page)
  return page
}

/** Has a patient make a code, and reads it. */
export async function codeOf(patient: Page): Promise<string> {
  await patient.getByRole('button', { name: 'Show my code' }).click()
  await patient.getByRole('button', { name: 'Make the code' }).click()
  await agreeUntil(patient, patient.getByRole('img', { name: 'Patient code as a QR code' }))
  const code = await patient.getByRole('dialog').getByRole('textbox').inputValue()
  await patient.keyboard.press('Escape')
  return code
}

/** Opens the page of a doctor of the demo. */
export async function meetDoctor(browser: Browser, network: RunningNetwork, name: string): Promise<Page> {
  const page = await newPage(browser)
  await becomeDemoPerson(page, `${network.url}/doctor`, name)
  return page
}

/** The patient of that hospital who decided last about this doctor. */
export const newestPatient = (doctor: Page, hospital: string) =>
  doctor
    .getByRole('button', { name: /^Patient 0x.*gave access/ })
    .filter({ hasText: hospital })
    .first()

/** Fills in who may open the laboratory records; leaves the window open for the review. */
export async function share(patient: Page, who: (dialog: ReturnType<Page['getByRole']>) => Promise<void>) {
  await patient.getByRole('button', { name: 'Give access without a request' }).click()
  const dialog = patient.getByRole('dialog', { name: 'Give access' })
  await who(dialog)
  await dialog.getByRole('checkbox', { name: 'Laboratory' }).check()
  return dialog
}

/** Ends every permission of a patient, one by one. */
export async function stopEverything(patient: Page): Promise<void> {
  const stop = patient.getByRole('button', { name: 'Stop sharing', exact: true })
  for (let left = await stop.count(); left > 0; left--) {
    await stop.first().click()
    await agreeUntil(
      patient,
      patient.getByText(left > 1 ? `${left - 1} can see your data` : 'Nobody can see your data'),
    )
  }
}
