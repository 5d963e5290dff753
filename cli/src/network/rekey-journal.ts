import type { Hex } from '@sharewell/sdk/bytes'
import { journalKeyFromSignature, journalMessage } from '@sharewell/sdk/person'
import type { PrivateKeyAccount } from 'viem/accounts'
import { type Journal, openJournal, unfinishedDeposits } from '../journal.ts'
import { quoted } from './deposit-journal.ts'
import type { ActorOptions } from './session.ts'

/** What is re-keyed, by whom, and with which words of the command line. */
export type Rekeying = {
  readonly networkId: Hex
  readonly account: PrivateKeyAccount
  readonly pseudonym: Hex
  readonly recordId: Hex
  /** The file with the provider's own copy. */
  readonly copy: string | undefined
  readonly options: ActorOptions & { readonly restart?: boolean | undefined }
}

/** The journal of re-keying one record. */
export async function rekeyJournal(job: Rekeying): Promise<Journal> {
  const { networkId, account, pseudonym, recordId, copy, options } = job
  const about = {
    networkId,
    account: account.address.toLowerCase() as Hex,
    pseudonym,
    command: commandOf(job),
    folder: process.cwd(),
    file: recordId,
    records: 1,
    startedAt: Math.floor(Date.now() / 1000),
    resumable: true,
  }
  const key = journalKeyFromSignature(await account.signTypedData(journalMessage(networkId)))
  const same = ['rekey', networkId, about.account, pseudonym, recordId, copy]
  return openJournal(key, about, { same, restart: options.restart })
}

/** Records whose re-keying was cut off, or waits for nodes to confirm. */
export function unfinishedRekeyings(networkId: Hex, accounts: readonly Hex[]): Hex[] {
  const mine = accounts.map((account) => account.toLowerCase())
  const own = unfinishedDeposits().flatMap(({ about }) => about ?? [])
  return own
    .filter((about) => about.networkId === networkId && mine.includes(about.account))
    .filter(({ command }) => command.startsWith('sharewell rekey ') && !command.includes(' --from '))
    .map(({ file }) => file as Hex)
}

/** The command that goes on, as one would write it. */
function commandOf({ recordId, copy, options }: Rekeying): string {
  const { as, keyFile, vaultFile, network } = options
  const named = Object.entries({ from: copy, as, 'key-file': keyFile, 'vault-file': vaultFile, network })
  const words = named.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]))
  return ['sharewell', 'rekey', recordId, ...words].map(quoted).join(' ')
}
