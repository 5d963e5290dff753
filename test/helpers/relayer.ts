import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { type Config, start } from '@sharewell/relayer/main'
import {
  type Chain,
  messageToJson,
  personId,
  pseudonymOf,
  registerPatient,
  type SignedConsent,
  signMessage,
  type Terms,
} from '@sharewell/sdk/chain'
import hre from 'hardhat'
import type { Hex, LocalAccount } from 'viem'
import { generatePrivateKey } from 'viem/accounts'
import { type Hospital, newAccount } from './committee.ts'
import { randomHex } from './ids.ts'
import type { TestNetwork } from './network.ts'
import { silentLog } from './silent-log.ts'

/** A relayer that a test can stop and start again. */
export type TestRelayer = {
  readonly url: string
  readonly config: Config
  stop(): Promise<void>
}

/** Starts a relayer in this process. */
export async function startRelayer(
  net: TestNetwork,
  { clock, ...change }: Partial<Config> & { clock?: () => number } = {},
): Promise<TestRelayer> {
  const config: Config = { port: 0, network: net.network, privateKey: generatePrivateKey(), ...change }
  const running = await start(config, { log: silentLog, clock })
  return { url: running.url, config, stop: () => running.close() }
}

/** What a relayer answered. */
export type Answer = {
  readonly status: number
  readonly retryAfter: string | null
  readonly body: {
    readonly transactionHash?: Hex
    readonly blockNumber?: number
    readonly code?: string
    readonly detail?: string
    readonly hint?: string
  }
}

/** Posts a signed consent as it is, or changed. */
export function postConsent(
  url: string,
  { kind, message, signature }: SignedConsent,
  change: object = {},
): Promise<Answer> {
  return post(url, '/v1/consents', { kind, message: { ...messageToJson(message), ...change }, signature })
}

/** Posts anything as JSON. */
export async function post(url: string, route: string, body: unknown): Promise<Answer> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${url}${route}`, { method: 'POST', headers, body: JSON.stringify(body) })
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    body: (await response.json()) as Answer['body'],
  }
}

/** Everything, for treatment, for an hour. */
export const anHour = (): Terms => ({
  from: 0,
  until: Math.floor(Date.now() / 1000) + 3_600,
  purposes: 1,
  categories: 0xffff_ffff,
})

/** The same connection with a clock that runs ahead, so that what it signs is dated by the head: a test that turns the
 * chain's clock forward then signs later, too. */
export const byHead = (chain: Chain): Chain => ({
  ...chain,
  clock: () => Math.floor(Date.now() / 1000) + 600,
  maxHeadAge: 3_600,
})

/** Somebody to whom nothing was ever granted. */
export const anybody = (): Hex => personId(newAccount().address)

/** A patient whose account is a contract: the key signs, the contract decides whether that counts. */
export async function registerSmartPatient(net: TestNetwork, hospital: Hospital): Promise<SmartPatient> {
  const owner = newAccount()
  const chain = await net.as(owner)
  const account = await deploySmartAccount(chain, owner)
  const rho = randomHex(32)
  const selfKeyHash = randomHex(32)
  const pseudonym = pseudonymOf(net.network.networkId, account, rho)
  const registration = { pseudonym, provider: hospital.id, selfKeyHash }
  const signature = await signMessage(chain, 'Register', registration)
  await registerPatient(chain, { controller: account, rho, provider: hospital.id, selfKeyHash, signature })
  return { owner, chain, account, pseudonym }
}

/** A patient with a contract account; `chain` signs as its owner. */
export type SmartPatient = {
  readonly owner: LocalAccount
  readonly chain: Chain
  readonly account: Hex
  readonly pseudonym: Hex
}

/** A contract that acts and signs as its owner says. */
export async function deploySmartAccount({ wallet, client }: Chain, owner: LocalAccount): Promise<Hex> {
  const { abi, bytecode } = await hre.artifacts.readArtifact('SmartAccount')
  if (!wallet) throw new Error('no wallet')
  const call = { abi: [...abi], bytecode: bytecode as Hex, args: [owner.address], gasPrice: 0n }
  const hash = await wallet.deployContract(call as Parameters<typeof wallet.deployContract>[0])
  const { contractAddress } = await client.waitForTransactionReceipt({ hash })
  if (!contractAddress) throw new Error('no contract')
  return contractAddress
}

/** A relayer in a process of its own. */
export type RelayerProcess = { readonly url: string; kill(): Promise<void>; stop(): Promise<number | null> }

/** Starts a relayer as its operator does, with a config file in `folder`. */
export async function spawnRelayer(folder: string, config: Config): Promise<RelayerProcess> {
  const file = path.join(folder, `${randomHex(8)}.json`)
  await writeFile(file, JSON.stringify(config), { mode: 0o600 })
  const program = path.join(import.meta.dirname, '../../services/relayer/src/main.ts')
  const child = spawn(process.execPath, [program, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = once(child, 'exit').then(([code]) => code as number | null)
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    return await gone
  }
  for await (const line of createInterface(child.stdout)) {
    const { port } = JSON.parse(line) as { port?: number }
    // What follows is not read, and must not fill the pipe.
    if (port === undefined) continue
    child.stdout.resume()
    return {
      url: `http://127.0.0.1:${port}`,
      kill: async () => void (await end('SIGKILL')),
      stop: () => end('SIGTERM'),
    }
  }
  throw new Error('The relayer did not start.')
}
