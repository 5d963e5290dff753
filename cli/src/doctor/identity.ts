/**
 * Who would act: the key, the vault, and what the network knows of the account. It never shows a key.
 * @module
 */
import { stat } from 'node:fs/promises'
import type { Hex } from '@sharewell/sdk/bytes'
import { type Chain, credentialsOf } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { lower } from '../failure.ts'
import type { NetworkFile } from '../network/network-file.ts'
import { listOrganizations, spokenFor } from '../network/organizations.ts'
import { type ActorOptions, openSession, readActor, type Session } from '../network/session.ts'
import { counted } from '../text.ts'
import { type Finding, ok, problem, warning } from './finding.ts'

/** Checks key and vault by themselves: no chain is needed. */
export async function checkKeys(
  options: ActorOptions,
  file: NetworkFile,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const { as, keyFile, vaultFile } = options
  if (as === undefined && keyFile === undefined) return []
  const name = as !== undefined ? 'person' : vaultFile === undefined ? 'key-file' : 'vault-file'
  try {
    const { account, places } = await readActor(options, file, signal)
    const seen = `${as ?? keyFile} is account ${account.address}`
    if (vaultFile === undefined) return [ok(name, seen)]
    const opens = `${vaultFile} opens; it has ${counted(places.length, 'place')} for this key`
    const { mode } = await stat(vaultFile)
    const open = process.platform !== 'win32' && (mode & 0o077) !== 0
    const vault = open
      ? warning(name, `${opens}; others may read it, sealed as it is`, `chmod 600 ${vaultFile}`)
      : ok(name, opens)
    return [ok('key-file', seen), vault]
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof BaseError)) throw error
    const [said = ''] = error.message.split('\n')
    return [problem(name, lower(said), error.hints.map(lower).join('; ') || 'name another file')]
  }
}

/** What the network knows of the account, and whether it can pay. */
export async function checkAccount(
  options: ActorOptions,
  chain: Chain,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  if (options.as === undefined && options.keyFile === undefined) return []
  const session = await openSession(options, signal)
  return [await whoIs(session, signal), await canPay(session, chain)]
}

async function whoIs(session: Session, signal: AbortSignal): Promise<Finding> {
  const { chain, account, places } = session
  const own = spokenFor(await listOrganizations(session, signal), account.address)
  const credentials = await credentialsOf(chain, { account: account.address }, { signal })
  const live = credentials.filter(({ retracted, until }) => !retracted && until > chain.clock())
  const parts = [
    ...(places.length > 0 ? [`a patient of ${counted(places.length, 'provider')}`] : []),
    ...(own === undefined ? [] : [`speaks for ${own.name ?? own.id}`]),
    ...(live.length > 0 ? [`staff of ${counted(live.length, 'organization')}`] : []),
  ]
  if (parts.length > 0) return ok('account', parts.join(', '))
  const cure =
    'a patient shows the code at a provider; staff are attested by their organization; a device is authorized by its provider'
  return warning('account', `the network knows no patient, staff or organization under ${account.address}`, cure)
}

async function canPay({ account, places }: Session, chain: Chain): Promise<Finding> {
  const { baseFeePerGas } = await chain.client.getBlock()
  const addresses = [...new Set([account.address, ...places.map((place) => place.account.address)])]
  const accounts = await Promise.all(
    addresses.map(async (address) => ({ address, balance: await chain.client.getBalance({ address }) })),
  )
  return judgeBalances(accounts, baseFeePerGas ?? 0n)
}

/** Gas of the largest consent, roughly. */
const gasOfOne = 300_000n

/** Whether accounts can pay for transactions of their own. */
export function judgeBalances(
  accounts: readonly { readonly address: Hex; readonly balance: bigint }[],
  baseFee: bigint,
): Finding {
  if (baseFee === 0n) return ok('balance', 'not needed: gas is free here')
  const poor = accounts.filter(({ balance }) => balance < baseFee * gasOfOne).map(({ address }) => address)
  if (poor.length === 0) return ok('balance', 'enough for transactions of your own')
  const cure = 'send it some funds; consents can go through a relayer, which pays'
  return warning('balance', `${poor.join(', ')} cannot pay for a transaction`, cure)
}
