import { concat, equal, fromHex, utf8 } from '@sharewell/sdk/bytes'
import { encode } from '@sharewell/sdk/cbor'
import { type ObjectSigner, openObject, signObject, storedTypedData } from '@sharewell/sdk/signed'
import { expect } from 'chai'
import fc from 'fast-check'
import { sha256 } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

const networkId = new Uint8Array(32).fill(7)
const account: ObjectSigner = privateKeyToAccount(`0x${'11'.repeat(32)}`)
const stranger: ObjectSigner = privateKeyToAccount(`0x${'22'.repeat(32)}`)
const payload = encode({ v: 1 })

describe('signed object', () => {
  it('opens what an Ethereum account signed, and names the account and the hash on chain', async () => {
    const object = await signObject('manifest', payload, networkId, account)
    const opened = openObject('manifest', object, networkId)
    expect(opened.payload).to.deep.equal(payload)
    expect(opened.signer).to.equal(account.address.toLowerCase())
    expect(opened.hash).to.deep.equal(fromHex(sha256(object)))
  })

  it('agrees with viem on the typed data for any payload and network', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), bytes32, async (payload, networkId) => {
        const object = await signObject('capsule', payload, networkId, account)
        expect(openObject('capsule', object, networkId).payload).to.deep.equal(new Uint8Array(payload))
      }),
      { numRuns: 20 },
    )
  })

  it('refuses another kind, another network and another payload', async () => {
    const object = await signObject('manifest', payload, networkId, account)
    refused(() => openObject('placement', object, networkId))
    refused(() => openObject('manifest', object, new Uint8Array(32)))
    refused(() => openObject('manifest', object, new Uint8Array(31)))
    refused(() => openObject('manifest', replaced(object, payload, encode({ v: 2 })), networkId))
  })

  it('refuses an object that names a signer who did not sign', async () => {
    const object = await signObject('manifest', payload, networkId, account)
    refused(() =>
      openObject('manifest', replaced(object, fromHex(account.address), fromHex(stranger.address)), networkId),
    )
    const impostor = { address: account.address, signTypedData: stranger.signTypedData }
    expect(await signObject('manifest', payload, networkId, impostor).catch((error) => error.code)).to.equal(
      'SIGNED_OBJECT',
    )
  })

  it('stays refused after the good object was opened, whichever bit was flipped', async () => {
    const object = await signObject('manifest', payload, networkId, account)
    for (let time = 0; time < 2; time++) openObject('manifest', object, networkId)
    for (let bit = 0; bit < object.length * 8; bit += 7) {
      const flipped = new Uint8Array(object)
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7))
      expect(() => openObject('manifest', flipped, networkId), `bit ${bit}`).to.throw()
    }
    refused(() => openObject('placement', object, networkId))
  })

  it('opens more objects than it remembers, each as often as asked', async () => {
    const objects = await Promise.all(
      Array.from({ length: 70 }, (_, i) => signObject('capsule', encode({ i }), networkId, account)),
    )
    for (const [i, object] of [...objects, ...objects].entries())
      expect(openObject('capsule', object, networkId).payload).to.deep.equal(encode({ i: i % 70 }))
  })

  it('refuses the mirrored signature with high s, and other recovery values', async () => {
    const signature = fromHex(await account.signTypedData(storedTypedData('manifest', payload, networkId)))
    const s = BigInt(`0x${Buffer.from(signature.subarray(32, 64)).toString('hex')}`)
    const mirrored = fromHex(`0x${(order - s).toString(16).padStart(64, '0')}`)
    const v = signature[64] as number
    const pack = (...parts: Uint8Array[]) => encode([payload, fromHex(account.address), concat(...parts)])
    expect(openObject('manifest', pack(signature), networkId).signer).to.equal(account.address.toLowerCase())
    refused(() => openObject('manifest', pack(signature.subarray(0, 32), mirrored, Uint8Array.of(55 - v)), networkId))
    refused(() => openObject('manifest', pack(signature.subarray(0, 64), Uint8Array.of(v - 27)), networkId))
    refused(() => openObject('manifest', pack(new Uint8Array(64), Uint8Array.of(27)), networkId))
  })

  it('refuses every flipped bit', async () => {
    const object = await signObject('manifest', payload, networkId, account)
    fc.assert(
      fc.property(fc.nat(object.length * 8 - 1), (bit) => {
        const altered = new Uint8Array(object)
        altered[bit >> 3] = (altered[bit >> 3] as number) ^ (1 << (bit & 7))
        expect(() => openObject('manifest', altered, networkId)).to.throw()
      }),
    )
  })

  it('refuses what is not a signed object', () => {
    for (const value of [
      payload,
      encode([payload]),
      encode([payload, new Uint8Array(20), new Uint8Array(64)]),
      utf8('x'),
    ])
      expect(() => openObject('manifest', value, networkId))
        .to.throw()
        .with.property('code')
        .that.is.oneOf(['CBOR', 'CBOR_FIELD'])
  })
})

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })

function refused(run: () => unknown): void {
  expect(run).to.throw().with.property('code', 'SIGNED_OBJECT')
}

function replaced(object: Uint8Array, from: Uint8Array, to: Uint8Array): Uint8Array {
  const at = object.findIndex((_, i) => equal(object.subarray(i, i + from.length), from))
  return concat(object.subarray(0, at), to, object.subarray(at + from.length))
}
