import { expect } from '@playwright/test'
import { generatePrivateKey } from 'viem/accounts'
import { agreeUntil, becomeDemoPerson, connect } from './people.ts'
import { test } from './story.ts'
import { installWallet } from './wallet.ts'

test('a patient decides at a hospital with an account that the vault made, which holds no funds and is in no wallet', async ({
  browser,
  network,
}) => {
  test.setTimeout(240_000)
  const patient = await (await browser.newContext()).newPage()
  const asked = await installWallet(patient, network, generatePrivateKey())
  await connect(patient, `${network.url}/patient`, 'Test Wallet')
  await patient.getByRole('button', { name: 'Make my vault' }).click()
  const elsewhere = patient.getByRole('button', { name: 'Become a patient at another hospital' })
  await agreeUntil(patient, elsewhere)
  const unlocking = asked.length

  await elsewhere.click()
  await patient.getByLabel('Hospital', { exact: true }).selectOption({ label: 'Riverside Medical Center' })
  await expect(patient.getByRole('radio', { name: /^A new one, kept in my vault/ })).toBeChecked()
  await patient.getByRole('button', { name: 'Keep it in my vault' }).click()
  await patient.getByRole('button', { name: 'Show my code' }).click()
  await patient.getByRole('button', { name: 'Make the code' }).click()
  await agreeUntil(patient, patient.getByRole('img', { name: 'Patient code as a QR code' }))
  const code = await patient.getByRole('dialog').getByRole('textbox').inputValue()
  await patient.keyboard.press('Escape')

  const hospital = await (await browser.newContext()).newPage()
  await becomeDemoPerson(hospital, `${network.url}/hospital`, 'Riverside Medical Center, records office')
  await hospital.getByRole('button', { name: 'Authorize this device' }).click()
  await agreeUntil(hospital, hospital.getByText('Deposit a record'))
  await hospital.getByLabel('Patient code', { exact: true }).fill(code)
  await hospital.getByLabel('Name at this desk').fill('Desk 3')
  await hospital.getByRole('button', { name: 'Register' }).click()
  await agreeUntil(hospital, hospital.getByText('Desk 3 is registered'))
  await hospital.getByLabel('Patient', { exact: true }).selectOption({ label: 'Desk 3' })
  const buffer = Buffer.from('Blood pressure 120 over 80.')
  await hospital.getByLabel('File').setInputFiles({ name: 'note.txt', mimeType: 'text/plain', buffer })
  await hospital.getByRole('button', { name: 'Deposit', exact: true }).click()
  await agreeUntil(hospital, hospital.getByText('1 record deposited'))

  await patient.getByRole('button', { name: 'Open my mailbox' }).click()
  const open = patient.getByRole('button', { name: /^Open (?!my)/ })
  await agreeUntil(patient, open)
  await open.click()
  await agreeUntil(patient, patient.getByLabel('The record as text'))
  await expect(patient.getByLabel('The record as text')).toHaveValue('Blood pressure 120 over 80.')
  await patient.getByRole('button', { name: /^Share (?!again)/ }).click()
  const grant = patient.getByRole('dialog', { name: 'Give access' })
  await grant.getByRole('combobox', { name: 'Person' }).selectOption({ index: 1 })
  await grant.getByRole('button', { name: 'Review' }).click()
  await agreeUntil(patient, patient.getByText('1 can see your data'))
  await patient.getByRole('button', { name: 'Stop sharing' }).click()
  await agreeUntil(patient, patient.getByText('Nobody can see your data'))
  // The wallet unlocked the vault and was needed for nothing else.
  expect(asked.slice(unlocking)).toEqual([])
})
