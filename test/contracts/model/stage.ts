import { HDNodeWallet, Mnemonic } from 'ethers'
import type { Hex } from 'viem'
import { Consents } from './consents.ts'

/** The accounts that Hardhat unlocks, with the keys that sign for them. */
const phrase = Mnemonic.fromPhrase('test test test test test test test test test test test junk')
export const wallets = Array.from({ length: 20 }, (_, i) => HDNodeWallet.fromMnemonic(phrase, `m/44'/60'/0'/0/${i}`))
const addressOf = (i: number) => wallets[i]?.address ?? ''

const word = (name: number, bytes: number): Hex => `0x${name.toString(16).padStart(2, '0').repeat(bytes)}`

/** Who takes part in every history. Accounts speak for one organization each. */
export const stage = {
  admin: addressOf(0),
  /** A hospital with three levels below it, and another one with a department. */
  organizations: [
    { id: word(0xa1, 16), parent: undefined, account: addressOf(1) },
    { id: word(0xa2, 16), parent: word(0xa1, 16), account: addressOf(2) },
    { id: word(0xa3, 16), parent: word(0xa2, 16), account: addressOf(3) },
    { id: word(0xa4, 16), parent: word(0xa3, 16), account: addressOf(4) },
    { id: word(0xb1, 16), parent: undefined, account: addressOf(5) },
    { id: word(0xb2, 16), parent: word(0xb1, 16), account: addressOf(6) },
  ],
  readers: [addressOf(7), addressOf(8), addressOf(9)],
  /** Where the readers work, if anywhere: few places each, because each costs 80 slots a question. */
  workplaces: [
    [addressOf(7), word(0xa4, 16)],
    [addressOf(7), word(0xb2, 16)],
    [addressOf(8), word(0xa3, 16)],
    [addressOf(8), word(0xa4, 16)],
    [addressOf(9), word(0xb2, 16)],
    [addressOf(9), word(0xa1, 16)],
  ],
  /** Who decide by key, and who owns the two contract accounts. */
  keys: [addressOf(10), addressOf(11)],
  owner: addressOf(12),
  relayer: addressOf(13),
  outsider: addressOf(14),
  roles: [0, 1, 2, 31],
  salts: [word(0, 32), word(0x51, 32)],
  purposes: [0, 1, 5],
  categories: [3, 5],
} as const

/** What every history starts from: who is registered, decided for by the first key. */
export type Setting = {
  pseudonyms: readonly string[]
  /** Contract accounts of one owner. */
  contracts: readonly string[]
}

/** The model before anything was decided. */
export function modelOf({ pseudonyms, contracts }: Setting): Consents {
  const model = new Consents()
  for (const { id, parent } of stage.organizations) model.actors.organizations.set(id, { parent, active: true })
  for (const pseudonym of pseudonyms) model.controllers.set(pseudonym, stage.keys[0])
  for (const account of contracts) model.owners.set(account, stage.owner)
  return model
}
