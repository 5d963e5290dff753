import path from 'node:path'
import type { Hex } from '@sharewell/sdk/bytes'
import { BaseError } from '@sharewell/sdk/errors'
import { journalKeyFromSignature, journalMessage } from '@sharewell/sdk/person'
import { randomBytes } from '@sharewell/sdk/primitives'
import type { Policy } from '@sharewell/sdk/share'
import { type Journal, openJournal } from '../journal.ts'
import type { Depositor } from './depositor.ts'

/** The options of `deposit` that say who deposits what for whom. */
type Called = {
  readonly [name in 'patient' | 'at' | 'category' | 'mime' | 'as' | 'keyFile' | 'vaultFile' | 'network']?:
    | string
    | undefined
} & { readonly restart?: boolean | undefined; readonly postQuantum?: boolean | undefined }

/** The journal of this very command: who deposits which file for whom, and how. */
export async function journalOf(
  { chain, account, patient }: Depositor,
  { file, options, policy, records }: { file: string; options: Called; policy: Policy; records: number },
): Promise<Journal> {
  const { networkId } = chain.network
  const { n, t, r } = policy
  const stdin = file === '-'
  const about = {
    networkId,
    account: account.address.toLowerCase() as Hex,
    pseudonym: patient.pseudonym,
    command: commandOf(file, options, policy),
    folder: process.cwd(),
    file,
    records,
    startedAt: Math.floor(Date.now() / 1000),
    resumable: !stdin,
  }
  // What came from stdin cannot be read again: its key is kept by nobody.
  const key = stdin ? randomBytes(32) : journalKeyFromSignature(await account.signTypedData(journalMessage(networkId)))
  const same = [
    networkId,
    about.account,
    patient.pseudonym,
    path.resolve(file),
    options.category,
    options.mime,
    n,
    t,
    r,
    ...(options.postQuantum ? ['post-quantum'] : []),
  ]
  return openJournal(key, about, { same, restart: options.restart })
}

/** The command that goes on, as one would write it. */
function commandOf(file: string, options: Called, { n, t, r }: Policy): string {
  const names: readonly [Exclude<keyof Called, 'restart' | 'postQuantum'>, string][] = [
    ['patient', '--patient'],
    ['at', '--at'],
    ['category', '--category'],
    ['mime', '--mime'],
    ['as', '--as'],
    ['keyFile', '--key-file'],
    ['vaultFile', '--vault-file'],
    ['network', '--network'],
  ]
  const words = names.flatMap(([name, flag]) => (options[name] === undefined ? [] : [flag, options[name]]))
  const postQuantum = options.postQuantum ? ['--post-quantum'] : []
  return ['sharewell', 'deposit', file, ...words, '--policy', `${n},${t},${r}`, ...postQuantum].map(quoted).join(' ')
}

/** A word as a shell takes it. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

/** Thrown when no interrupted deposit has that id. */
export class NoSuchDepositError extends BaseError<'NO_SUCH_DEPOSIT'> {
  override readonly name = 'NoSuchDepositError'
  constructor({ id = '' }: { id?: string }) {
    super('NO_SUCH_DEPOSIT', `No deposit ${id.slice(0, 80)} was interrupted here.`, {
      hints: ["'sharewell deposits' lists those that were"],
    })
  }
}
