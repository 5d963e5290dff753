import { ethers, type hospitals, networkHelpers, purpose } from './fixture.ts'
import { malleated } from './signing.ts'

type World = Awaited<ReturnType<typeof hospitals>>
type Signer = { signTypedData: World['doctor']['signTypedData'] }
type Holder = Signer & { readonly address: string }

/** The messages of docs/spec/session.md, written anew: not what the SDK or the contract has. */
const messages = {
  OpenSession: [
    { name: 'reader', type: 'address' },
    { name: 'key', type: 'address' },
    { name: 'purposes', type: 'uint16' },
    { name: 'until', type: 'uint40' },
  ],
  EndSession: [{ name: 'key', type: 'address' }],
}

export const hours = (count: number) => count * 60 * 60
export const treating = 1 << purpose.treat

/** Signs one of {@link messages} for the registry of this world, or for another one. */
export async function sign(
  { actors }: Pick<World, 'actors'>,
  signer: Signer,
  kind: keyof typeof messages,
  message: Record<string, unknown>,
  elsewhere: { chainId?: bigint; verifyingContract?: string } = {},
): Promise<string> {
  const { chainId } = await ethers.provider.getNetwork()
  const domain = { name: 'Sharewell', version: '1', chainId, verifyingContract: String(actors.target), ...elsewhere }
  return await signer.signTypedData(domain, { [kind]: messages[kind] }, message)
}

/** What is said, and by whom it is signed, where a test wants it otherwise than right. */
type Change = {
  readonly key?: Holder
  readonly reader?: Holder
  readonly purposes?: number
  readonly until?: number
  readonly keySigner?: Signer
  readonly signer?: Signer
  readonly elsewhere?: { chainId?: bigint; verifyingContract?: string }
  readonly highS?: boolean
}

/** A session that the doctor signed, and its key too: for treatment, for a shift of eight hours. */
export async function shift(world: World, change: Change = {}) {
  const { actors, doctor, stranger } = world
  const { reader = doctor, purposes = treating, elsewhere, highS } = change
  const key = change.key ?? ethers.Wallet.createRandom()
  const until = change.until ?? (await networkHelpers.time.latest()) + hours(8)
  const opening = { reader: reader.address, key: key.address, purposes, until }
  const turned = (signature: string) => (highS ? malleated(signature) : signature)
  const keySignature = turned(await sign(world, change.keySigner ?? key, 'OpenSession', opening, elsewhere))
  const signature = turned(await sign(world, change.signer ?? reader, 'OpenSession', opening, elsewhere))
  return {
    key,
    until,
    keySignature,
    signature,
    /** By the reader's own transaction. */
    open: () => actors.connect(doctor).openSession(key.address, purposes, until, keySignature),
    /** By somebody who carries it. */
    carry: () =>
      actors
        .connect(stranger)
        .openSessionBySignature(reader.address, key.address, purposes, until, keySignature, signature),
    live: (which: number = purpose.treat, at: number = until - 1) =>
      actors.isSessionLive(reader.address, key.address, which, at),
  }
}
