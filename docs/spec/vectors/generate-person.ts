import { toHex } from '@sharewell/sdk/bytes'
import {
  accountAt,
  createVault,
  encodePatientCode,
  placeKeys,
  sealVault,
  vaultKeyFromSignature,
  vaultKeys,
} from '@sharewell/sdk/person'
import { seeded, toVectors } from './scenarios.ts'
import { whenRun, writeVectors } from './vector.ts'

const random = seeded('person')
const networkId = random(32)
const vault = createVault(networkId, { random })
const [providerId, otherProvider] = [random(16), random(16)]
const controller = toHex(random(20))

const derive = (name: string, comment: string, place: { providerId: Uint8Array<ArrayBuffer>; gen: number }) => {
  const { rho, pseudonym, self } = placeKeys(vault, place, controller)
  const { privateKey, address } = accountAt(vault, place)
  return {
    name,
    comment,
    operation: 'derive',
    expect: 'success',
    input: { networkId, seed: vault.seed, controller, ...place },
    output: {
      ...vaultKeys(vault),
      rho,
      pseudonym,
      selfSeed: self.seed,
      selfPublicKey: self.publicKey,
      privateKey,
      address,
    },
  }
}

const r = random(32)
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const word = (value: bigint) => value.toString(16).padStart(64, '0')
const signature = (s: bigint, v: string) => `${toHex(r)}${word(s)}${v}` as `0x${string}`
const wrappingKey = vaultKeyFromSignature(signature(7n, '1b'))
const key = (name: string, comment: string, of: string, output?: unknown) => ({
  name,
  comment,
  operation: 'vault key',
  expect: output === undefined ? 'VAULT' : 'success',
  input: { signature: of },
  ...(output === undefined ? {} : { output }),
})

const profiles = [{ providerId, controller, gen: 0, derived: false }]
const nonce = random(12)
const sealed = await sealVault({ ...vault, profiles }, wrappingKey, { random: () => nonce })
const open = (name: string, comment: string, expect: string, changes: object) => ({
  name,
  comment,
  operation: 'vault',
  expect,
  input: { sealed, wrappingKey, networkId, ...changes },
  ...(expect === 'success' ? { output: { networkId, seed: vault.seed, profiles } } : {}),
})
const flip = (bytes: Uint8Array, at: number) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))

const { rho, pseudonym, self } = placeKeys(vault, { providerId }, controller)
const fields = { networkId, providerId, controller, rho, selfPublicKey: self.publicKey, signature: random(65) }
const text = encodePatientCode(fields)
const code = (name: string, comment: string, expect: string, changes: object) => ({
  name,
  comment,
  operation: 'code',
  expect,
  input: { text, networkId, providerId, ...changes },
  ...(expect === 'success' ? { output: { ...fields, pseudonym } } : {}),
})

/** Every scenario of docs/spec/person.md. */
export const personVectors = toVectors([
  derive('derive', 'a patient at one provider', { providerId, gen: 0 }),
  derive('derive-other-provider', 'the same patient at another', { providerId: otherProvider, gen: 0 }),
  derive('derive-next', 'after the pseudonym was exposed', { providerId, gen: 1 }),
  key('vault-key', 'from a signature with low s', signature(7n, '1b'), wrappingKey),
  key('vault-key-high', 'from its twin with high s', signature(order - 7n, '1c'), wrappingKey),
  key('vault-key-zero', 's is 0', signature(0n, '1b')),
  key('vault-key-large', 's is the order', signature(order, '1b')),
  key('vault-key-short', '64 bytes', signature(7n, '')),
  open('vault', 'a kept vault', 'success', {}),
  open('vault-other-key', 'under another key', 'VAULT', { wrappingKey: random(32) }),
  open('vault-other-network', 'on another network', 'VAULT', { networkId: random(32) }),
  open('vault-altered', 'one bit', 'VAULT', { sealed: flip(sealed, 30) }),
  open('vault-short', 'cut short', 'VAULT', { sealed: sealed.slice(0, 20) }),
  code('code', 'a patient code', 'success', {}),
  code('code-spaces', 'with line breaks from a page', 'success', { text: `${text.slice(0, 70)}\n ${text.slice(70)}` }),
  code('code-other-provider', 'shown to another provider', 'PATIENT_CODE', { providerId: otherProvider }),
  code('code-other-network', 'shown on another network', 'PATIENT_CODE', { networkId: random(32) }),
  code('code-cut', 'cut short', 'PATIENT_CODE', { text: text.slice(0, -8) }),
  code('code-longer', 'with more behind it', 'PATIENT_CODE', { text: `${text}AAAA` }),
  code('code-other-kind', 'another code', 'PATIENT_CODE', { text: 'https://example.org/' }),
])

whenRun(import.meta.url, () => writeVectors('person', personVectors))
