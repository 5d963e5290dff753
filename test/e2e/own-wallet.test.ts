import { type Browser, expect, type Locator, type Page } from '@playwright/test'
import type { Hex } from 'viem'
import { generatePrivateKey } from 'viem/accounts'
import { demoBundle, knownLabValue } from './demo-record.ts'
import type { RunningNetwork } from './network.ts'
import { agreeUntil, connect, type Shown } from './people.ts'
import { test } from './story.ts'
import { type Asked, installWallet } from './wallet.ts'

/** Somebody with a wallet of their own, in a browser of their own. */
type Person = { readonly page: Page; readonly asked: Asked[]; readonly shown: Shown[] }

async function meet(browser: Browser, network: RunningNetwork, path: string, privateKey: Hex): Promise<Person> {
  const page = await (await browser.newContext()).newPage()
  const asked = await installWallet(page, network, privateKey)
  await connect(page, network.url + path, 'Test Wallet')
  return { page, asked, shown: [] }
}

function keyOf(network: RunningNetwork, id: string): Hex {
  const [account] = network.description.demo.people.find((person) => person.id === id)?.accounts ?? []
  if (!account) throw new Error(`The demo has no ${id}.`)
  return account.privateKey
}

/** Clicks, and agrees to what follows until `done` can be seen. */
async function act(person: Person, button: string | RegExp, done: Locator, timeout = 90_000): Promise<void> {
  const name = typeof button === 'string' ? { name: button, exact: true } : { name: button }
  await person.page.getByRole('button', name).first().click()
  person.shown.push(...(await agreeUntil(person.page, done, { timeout })))
}

test('with wallets of their own (EIP-6963) a new patient is registered, a hospital deposits, a doctor opens under a grant until the patient stops, and each signed what was shown', async ({
  browser,
  network,
}) => {
  test.setTimeout(400_000)
  const hospital = await meet(browser, network, '/hospital', keyOf(network, 'hospital-2'))
  const doctor = await meet(browser, network, '/doctor', keyOf(network, 'lindqvist'))
  const patient = await meet(browser, network, '/patient', generatePrivateKey())

  const elsewhere = patient.page.getByRole('button', { name: 'Become a patient at another hospital' })
  await act(patient, 'Make my vault', elsewhere)
  await elsewhere.click()
  await patient.page.getByLabel('Hospital', { exact: true }).selectOption({ label: 'Riverside Medical Center' })
  await patient.page.getByRole('radio', { name: /In my wallet/ }).check()
  const showCode = patient.page.getByRole('button', { name: 'Show my code' })
  await act(patient, 'Keep it in my vault', showCode)
  await showCode.click()
  await act(patient, 'Make the code', patient.page.getByRole('img', { name: 'Patient code as a QR code' }))
  const code = await patient.page.getByRole('dialog').getByRole('textbox').inputValue()
  await patient.page.keyboard.press('Escape')

  await act(hospital, 'Authorize this device', hospital.page.getByText('Deposit a record'))
  await hospital.page.getByLabel('Patient code', { exact: true }).fill(code)
  await hospital.page.getByLabel('Name at this desk').fill('Desk 12')
  await act(hospital, 'Register', hospital.page.getByText('Desk 12 is registered'))
  await hospital.page.getByLabel('Patient', { exact: true }).selectOption({ label: 'Desk 12' })
  await hospital.page.getByLabel('File').setInputFiles({
    name: 'marcy.json',
    mimeType: 'application/fhir+json',
    buffer: Buffer.from(demoBundle('marcy-dubuque')),
  })
  await act(hospital, 'Deposit', hospital.page.getByText(/\d+ records deposited/), 240_000)

  await doctor.page.getByLabel('Patient code or consent receipt').fill(code)
  await doctor.page.getByRole('button', { name: 'Find', exact: true }).click()
  await doctor.page.getByLabel('Why do you ask?').fill('Lipids before the operation.')
  await act(doctor, 'Ask', doctor.page.getByText('The question stands in the public ledger.'))

  await act(patient, 'Open my mailbox', patient.page.getByRole('button', { name: 'Open Laboratory' }))
  await patient.page.getByRole('button', { name: 'Choose what to share' }).click()
  await patient.page.getByRole('dialog', { name: 'Give access' }).getByRole('checkbox', { name: 'Laboratory' }).check()
  await act(patient, 'Review', patient.page.getByText('Nobody is waiting for your answer'))

  const opened = doctor.page.getByRole('region').filter({ hasText: 'every byte checked against the public ledger' })
  await act(doctor, /^Open /, opened)
  await opened.getByRole('tab', { name: /^Values/ }).click()
  const value = knownLabValue('marcy-dubuque', '2571-8')
  await expect(opened.getByText(value.name).first()).toBeVisible()
  await expect(opened.getByText(value.shown).first()).toBeVisible()

  await act(patient, 'Stop sharing', patient.page.getByText('Nobody can see your data'))
  await opened.getByRole('button', { name: 'Close', exact: true }).click()
  await expect(doctor.page.getByRole('heading', { name: /^The patient stopped sharing/ })).toBeVisible()
  await doctor.page
    .getByText(/closed record/)
    .first()
    .click()
  const refusal = doctor.page.getByRole('status').getByText('The patient stopped sharing')
  await act(doctor, /^Try to open /, refusal)

  for (const person of [hospital, doctor, patient]) expectShownIsSigned(person)
})

/** Every review names, word for word, one request that the wallet then had, in the same order. */
function expectShownIsSigned({ shown, asked }: Person): void {
  expect(shown.length).toBeGreaterThan(0)
  let from = 0
  for (const { raw } of shown) {
    const at = asked.findIndex((request, index) => index >= from && same(request, raw))
    expect(at, `what was shown was not what the wallet got: ${raw}`).toBeGreaterThanOrEqual(from)
    from = at + 1
  }
}

function same({ method, params }: Asked, raw: string): boolean {
  const given = method === 'eth_signTypedData_v4' ? JSON.parse(String(params[1])) : params[0]
  return JSON.stringify(sorted(given)) === JSON.stringify(sorted(JSON.parse(raw)))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner)] as const)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}
