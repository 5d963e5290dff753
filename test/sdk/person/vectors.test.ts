import { type Bytes, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  accountAt,
  openVault,
  parsePatientCode,
  placeKeys,
  vaultKeyFromSignature,
  vaultKeys,
} from '@sharewell/sdk/person'
import { personVectors } from '../../../docs/spec/vectors/generate-person.ts'
import { type Operations, testVectors } from '../../helpers/scenarios.ts'

type Derive = { networkId: Bytes; seed: Bytes; controller: Bytes; providerId: Bytes; gen: number }

/** Accounts are text in the SDK and bytes in a vector's file. */
const plain = <controlled extends { controller: Hex }>(value: controlled) => ({
  ...value,
  controller: new Uint8Array(Buffer.from(value.controller.slice(2), 'hex')),
})

const operations: Operations = {
  derive: ({ networkId, seed, controller, providerId, gen }: Derive) => {
    const vault = { networkId, seed, profiles: [] }
    const { rho, pseudonym, self } = placeKeys(vault, { providerId, gen }, toHex(controller))
    const { privateKey, address } = accountAt(vault, { providerId, gen })
    const account = [privateKey, address].map((hex) => new Uint8Array(Buffer.from(hex.slice(2), 'hex')))
    return {
      ...vaultKeys(vault),
      rho,
      pseudonym,
      selfSeed: self.seed,
      selfPublicKey: self.publicKey,
      privateKey: account[0],
      address: account[1],
    }
  },
  'vault key': ({ signature }: { signature: Bytes }) => vaultKeyFromSignature(toHex(signature)),
  vault: async ({ sealed, wrappingKey, networkId }: { sealed: Bytes; wrappingKey: Bytes; networkId: Bytes }) => {
    const vault = await openVault(sealed, wrappingKey, networkId)
    return { ...vault, profiles: vault.profiles.map(plain) }
  },
  code: ({ text, networkId, providerId }: { text: string; networkId: Bytes; providerId: Bytes }) =>
    plain(parsePatientCode(text, { networkId, providerId })),
}

describe('person vectors', () => {
  testVectors('person', operations, { generated: personVectors })
})
