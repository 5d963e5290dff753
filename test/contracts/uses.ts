import type { Signer } from 'ethers'
import { noRole } from './consent-world.ts'
import { type deploy, ethers, none32 } from './fixture.ts'
import type { Use } from './model/types.ts'

/** The first use, of a person's bare consent. */
export function use(scope: { pseudonym: string; recordId: string }, change: Partial<Use> = {}): Use {
  const { pseudonym, recordId } = scope
  return { pseudonym, recordId, salt: none32, credentialId: none32, level: 0, role: noRole, number: 0, ...change }
}

/** The message of docs/spec/consent.md, written anew: not what the SDK or the contract has. */
const types = {
  Use: [
    { name: 'requestHash', type: 'bytes32' },
    { name: 'consentKey', type: 'bytes32' },
    { name: 'number', type: 'uint40' },
    { name: 'deadline', type: 'uint40' },
  ],
}

/** Signs a use for anyone to carry. */
export async function signUse(
  log: Awaited<ReturnType<typeof deploy>>['log'],
  signer: Pick<Signer, 'signTypedData'>,
  message: { requestHash: string; consentKey: string; number: number; deadline: number },
): Promise<string> {
  const { chainId } = await ethers.provider.getNetwork()
  const domain = { name: 'Sharewell', version: '1', chainId, verifyingContract: String(log.target) }
  return await signer.signTypedData(domain, types, message)
}
