import { expect, type Page } from '@playwright/test'
import { generatePrivateKey } from 'viem/accounts'
import { expectGoodLooks, expectPlainWords, expectToFitEnlarged } from './looks.ts'
import { agreeUntil, becomeDemoPerson, connect } from './people.ts'
import { test } from './story.ts'
import { installWallet } from './wallet.ts'

/** As a patient meets it: on a phone, and at four times its size. */
async function look(page: Page, name: string): Promise<void> {
  await expectGoodLooks(page, name)
  await expectToFitEnlarged(page, name)
  await expectPlainWords(page, name)
}

test('a patient loses the phone and the wallet, and reads a record on a new one with two sheets of paper', async ({
  browser,
  network,
}) => {
  test.setTimeout(400_000)
  const viewport = { width: 360, height: 740 }
  const patient = await (await browser.newContext({ viewport })).newPage()
  await installWallet(patient, network, generatePrivateKey())
  await connect(patient, `${network.url}/patient`, 'Test Wallet')
  await patient.getByRole('button', { name: 'Make my vault' }).click()
  const elsewhere = patient.getByRole('button', { name: 'Become a patient at another hospital' })
  await agreeUntil(patient, elsewhere)
  await elsewhere.click()
  await patient.getByLabel('Hospital', { exact: true }).selectOption({ label: 'Riverside Medical Center' })
  await patient.getByRole('button', { name: 'Keep it in my vault' }).click()
  await patient.getByRole('button', { name: 'Show my code' }).click()
  await patient.getByRole('button', { name: 'Make the code' }).click()
  await agreeUntil(patient, patient.getByRole('img', { name: 'Patient code as a QR code' }))
  const code = await patient.getByRole('dialog').getByRole('textbox').inputValue()
  await patient.keyboard.press('Escape')

  const hospital = await (await browser.newContext()).newPage()
  await becomeDemoPerson(hospital, `${network.url}/hospital`, 'Riverside Medical Center, records office')
  const authorize = hospital.getByRole('button', { name: 'Authorize this device' })
  await authorize.click()
  await agreeUntil(hospital, hospital.getByText('Deposit a record'))
  await hospital.getByLabel('Patient code', { exact: true }).fill(code)
  await hospital.getByLabel('Name at this desk').fill('Desk 5')
  await hospital.getByRole('button', { name: 'Register' }).click()
  await agreeUntil(hospital, hospital.getByText('Desk 5 is registered'))
  await hospital.getByLabel('Patient', { exact: true }).selectOption({ label: 'Desk 5' })
  const buffer = Buffer.from('The wound has healed.')
  await hospital.getByLabel('File').setInputFiles({ name: 'note.txt', mimeType: 'text/plain', buffer })
  await hospital.getByRole('button', { name: 'Deposit', exact: true }).click()
  await agreeUntil(hospital, hospital.getByText('1 record deposited'))

  const sheets = await makeKit(patient)
  await drill(patient, sheets)
  await seeGuardians(patient)
  await patient.context().close()

  // A new phone, a new wallet: one sheet by its picture, one typed by the first letters of its words.
  const again = await (await browser.newContext({ viewport })).newPage()
  await installWallet(again, network, generatePrivateKey())
  await connect(again, `${network.url}/patient`, 'Test Wallet')
  await again.getByRole('button', { name: 'Bring my vault back' }).click()
  const restore = again.getByRole('dialog', { name: 'Bring my vault back' })
  await restore.locator('input[type=file]').setInputFiles({
    name: 'sheet.png',
    mimeType: 'image/png',
    buffer: sheets[2]?.picture ?? Buffer.alloc(0),
  })
  await expect(restore.getByLabel('Sheet 1')).toHaveValue(/^sharewell-sheet1:/)
  await restore.getByRole('button', { name: 'Read this sheet' }).click()
  await expect(restore.getByText('1 sheet to go')).toBeVisible()
  const words = sheets[0]?.words ?? []
  await restore.getByLabel('Sheet 2').fill(words.with(6, words[6] === 'zero' ? 'yoga' : 'zero').join(' '))
  await restore.getByRole('button', { name: 'Read this sheet' }).click()
  await expect(restore.getByText('Word 7 is wrong. Compare it with the paper.')).toBeVisible()
  await look(again, 'restore')
  await restore.getByLabel('Sheet 2').fill(words.map((word) => word.slice(0, 4)).join('\n'))
  await restore.getByRole('button', { name: 'Read this sheet' }).click()
  await restore.getByRole('button', { name: 'Bring it back' }).click()
  const mailbox = again.getByRole('button', { name: 'Open my mailbox' })
  await agreeUntil(again, mailbox, { timeout: 90_000 })
  await mailbox.click()
  const open = again.getByRole('button', { name: /^Open (?!my)/ })
  await agreeUntil(again, open)
  await open.click()
  await agreeUntil(again, again.getByLabel('The record as text'))
  await expect(again.getByLabel('The record as text')).toHaveValue('The wound has healed.')
})

type Sheet = { readonly words: string[]; readonly picture: Buffer }

/** Makes a kit by keys alone and takes down what each sheet shows. */
async function makeKit(page: Page): Promise<Sheet[]> {
  await page.getByRole('button', { name: 'Make a recovery kit' }).press('Enter')
  await look(page, 'kit')
  await page.getByRole('button', { name: 'Make the sheets' }).press('Enter')
  const sheets: Sheet[] = []
  for (const at of [1, 2, 3]) {
    const window = page.getByRole('dialog', { name: `Sheet ${at} of 3` })
    const items = await window
      .getByRole('list', { name: `Words of sheet ${at}` })
      .getByRole('listitem')
      .allTextContents()
    const picture = await window.getByRole('img', { name: `Sheet ${at} as a QR code` }).screenshot({ scale: 'css' })
    sheets.push({ words: items.map((item) => item.replace(/\d+/, '').trim()), picture })
    if (at === 1) await look(page, 'sheet')
    await window
      .getByRole('button', { name: at < 3 ? 'I have it: next sheet' : 'I have all the sheets' })
      .press('Enter')
  }
  await expect(page.getByText('any 2 of 3 sheets')).toBeVisible()
  return sheets
}

/** Answers the word that the page asks for. */
async function drill(page: Page, sheets: readonly Sheet[]): Promise<void> {
  await page.getByRole('button', { name: 'Check my kit' }).click()
  const window = page.getByRole('dialog', { name: 'Check my kit' })
  const asked = (await window.getByText(/^Sheet \d, word \d+$/).textContent()) ?? ''
  const [sheet = 0, word = 0] = (asked.match(/\d+/g) ?? []).map(Number)
  await window.getByRole('textbox').fill('nothing')
  await window.getByRole('button', { name: 'Check', exact: true }).click()
  await expect(window.getByRole('alert')).toContainText('That is not word')
  await look(page, 'drill')
  await window.getByRole('textbox').fill(sheets[sheet - 1]?.words[word - 1] ?? '')
  await window.getByRole('button', { name: 'Check', exact: true }).click()
  await expect(window.getByText('That is the word')).toBeVisible()
  await window.getByRole('button', { name: 'Done' }).click()
}

/** What a patient and a guardian do about each other can be read and used. */
async function seeGuardians(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Guard somebody' }).click()
  const guard = page.getByRole('dialog', { name: 'Guard somebody' })
  await expect(guard.getByRole('img', { name: 'Guardian code as a QR code' })).toBeVisible()
  const code = await guard.getByRole('textbox').inputValue()
  await look(page, 'guard')
  await guard.getByRole('tab', { name: 'Sign a request' }).click()
  await guard.getByLabel('Request of your friend').fill(code)
  await expect(guard.getByText('This is no request of this network.')).toBeVisible()
  await look(page, 'guard-sign')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'My guardians' }).click()
  const mine = page.getByRole('dialog', { name: 'My guardians' })
  await mine.getByLabel('Name of a guardian').fill('Anna')
  await mine.getByLabel('Code of the guardian').fill(code)
  await mine.getByRole('button', { name: 'Add this guardian' }).click()
  await expect(mine.getByRole('list', { name: 'Guardians' })).toContainText('Anna')
  await look(page, 'guardians')
  await page.keyboard.press('Escape')
}
