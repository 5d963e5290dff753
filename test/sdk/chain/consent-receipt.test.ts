import { fromBase64url, fromHex, type Hex, toBase64url, toHex } from '@sharewell/sdk/bytes'
import { decode, encode } from '@sharewell/sdk/cbor'
import {
  type ConsentProof,
  encodeConsentReceipt,
  type Grantee,
  granteeOf,
  parseConsentReceipt,
  signedConsentOf,
  typedData,
} from '@sharewell/sdk/chain'
import { expect } from 'chai'
import fc from 'fast-check'
import { verifyTypedData } from 'viem'
import { randomHex } from '../../helpers/ids.ts'
import { newAccount, paperNetwork } from '../../helpers/parties.ts'

const prefix = 'sharewell-consent1:'
const zero: Hex = `0x${'00'.repeat(32)}`
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(toHex)
/** Ids of organizations and records are drawn at random; zero means none. */
const id = (length: number) => bytes(length).filter((hex) => /[1-9a-f]/.test(hex.slice(2)))

const grantees: fc.Arbitrary<Grantee> = fc.oneof(
  fc.record({ kind: fc.constant('person' as const), account: bytes(20) }),
  fc.record({ kind: fc.constant('organization' as const), organization: id(16) }),
  fc.record({ kind: fc.constant('role' as const), organization: id(16), role: fc.integer({ min: 0, max: 31 }) }),
)
const proofs: fc.Arbitrary<ConsentProof> = fc.oneof(
  fc.record({ transaction: bytes(32) }),
  fc.record({
    controller: bytes(20),
    nonce: fc.bigInt(0n, 2n ** 256n - 1n),
    signedAt: fc.integer({ min: 0, max: 2 ** 40 - 1 }),
    deadline: fc.integer({ min: 0, max: 2 ** 40 - 1 }),
    signature: fc.oneof(bytes(65), bytes(1_024)),
  }),
)
const scopes = fc
  .record({
    from: fc.integer({ min: 0, max: 2 ** 39 }),
    length: fc.integer({ min: 1, max: 2 ** 39 - 1 }),
    purposes: fc.integer({ min: 1, max: 255 }),
    categories: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
    recordId: fc.option(id(32), { nil: undefined }),
  })
  .map(({ from, length, purposes, categories, recordId }) => ({
    recordId,
    terms: { from, until: from + length, purposes, categories: recordId ? 0 : categories, useLimit: 0 },
  }))
const receipts = fc
  .record({
    networkId: bytes(32),
    pseudonym: bytes(32),
    grantee: grantees,
    salt: bytes(32),
    proof: proofs,
    scope: scopes,
  })
  .map(({ scope, ...rest }) => ({ ...rest, ...scope }))

const networkId = randomHex(32)
const receipt = {
  networkId,
  pseudonym: randomHex(32),
  grantee: { kind: 'person', account: newAccount().address.toLowerCase() as Hex },
  salt: randomHex(32),
  recordId: randomHex(32),
  terms: { from: 1, until: 2, purposes: 1, categories: 0, useLimit: 0 },
  proof: { transaction: randomHex(32) },
} as const

type Change = (fields: Record<string, unknown>) => Record<string, unknown>
/** The text of a receipt whose fields somebody changed. */
function changed(change: Change, of: Parameters<typeof encodeConsentReceipt>[0] = receipt): string {
  const fields = decode(fromBase64url(encodeConsentReceipt(of).slice(prefix.length))) as Record<string, unknown>
  return prefix + toBase64url(encode(change(fields) as Parameters<typeof encode>[0]))
}
const codeOf = (text: string): string => {
  try {
    parseConsentReceipt(text)
    return 'success'
  } catch (error) {
    return String((error as { code?: string }).code)
  }
}

describe('consent receipt', () => {
  it('says what it was made of, for any grantee, scope and proof, and names the grantee that it gives', () => {
    fc.assert(
      fc.property(receipts, (made) => {
        const read = parseConsentReceipt(encodeConsentReceipt(made), { networkId: made.networkId })
        expect(read).to.deep.equal({ ...made, granteeId: granteeOf(made.grantee, made.salt) })
      }),
    )
  })

  it('fits a QR code, and survives how it is carried: lines, spaces, upper case network', () => {
    const text = encodeConsentReceipt(receipt)
    expect(text.length).to.be.below(450)
    const wrapped = ` ${text.match(/.{1,40}/g)?.join('\r\n ')}\n`
    const expected = { networkId: `0x${networkId.slice(2).toUpperCase()}` as const }
    expect(parseConsentReceipt(wrapped, expected)).to.deep.equal(parseConsentReceipt(text))
  })

  it('gives the signed consent to whom may carry it', async () => {
    const patient = newAccount()
    const network = { ...paperNetwork(), networkId }
    const granteeId = granteeOf(receipt.grantee, receipt.salt)
    const once = { nonce: 300n, signedAt: 10, deadline: 20 }
    const { pseudonym, recordId, terms } = receipt
    const decider = { pseudonym, controller: patient.address.toLowerCase() as Hex }
    const message = { ...decider, granteeId, recordId, ...terms, ...once }
    const signature = await patient.signTypedData(typedData(network, 'Grant', message))
    const proof = { controller: decider.controller, ...once, signature }
    const signed = signedConsentOf(parseConsentReceipt(encodeConsentReceipt({ ...receipt, proof })))
    expect(signed).to.deep.equal({ kind: 'Grant', message, signature })
    const typed = { ...typedData(network, 'Grant', message), address: patient.address, signature }
    expect(await verifyTypedData(typed as Parameters<typeof verifyTypedData>[0])).to.equal(true)
    expect(signedConsentOf(parseConsentReceipt(encodeConsentReceipt(receipt)))).to.equal(undefined)
  })

  it('is refused where grantee, kind or salt is not the one it was made for', () => {
    const other = new Uint8Array(32).fill(7)
    const account = fromHex(`0x${'00'.repeat(12)}${'42'.repeat(20)}`)
    for (const change of [{ s: other }, { g: other }, { w: account }, { k: 2 }, { k: 3 }])
      expect(codeOf(changed((fields) => ({ ...fields, ...change })))).to.equal('CONSENT_RECEIPT')
  })

  it('is refused where it names nobody: other bytes beside the account, no organization, a role too high', () => {
    const organization = `0x${'aa'.repeat(16)}`
    const words: [number, string][] = [
      [1, `0x01${'00'.repeat(11)}${'42'.repeat(20)}`],
      [2, zero],
      [2, `${organization}${'00'.repeat(15)}01`],
      [2, `${organization}01${'00'.repeat(15)}`],
      [3, `${organization}${'00'.repeat(15)}20`],
      [3, `${organization}${'00'.repeat(14)}0102`],
    ]
    for (const [k, w] of words)
      expect(codeOf(changed((fields) => ({ ...fields, k, w: fromHex(w) }))), w).to.equal('CONSENT_RECEIPT')
  })

  it('is refused where it permits nothing that can be permitted', () => {
    const t = [1, 2, 1, 0, 0]
    const odd = [
      t.with(1, 1),
      t.with(2, 0),
      t.with(2, 2 ** 16),
      t.with(3, 1),
      t.with(4, 2 ** 16),
      [1, 2, 1, 0],
      [...t, 0],
    ]
    for (const terms of odd) expect(codeOf(changed((fields) => ({ ...fields, t: terms })))).to.equal('CONSENT_RECEIPT')
    const wide = { ...receipt, recordId: undefined, terms: { ...receipt.terms, categories: 2 } }
    expect(codeOf(changed((fields) => fields, wide))).to.equal('success')
    expect(codeOf(changed((fields) => ({ ...fields, t }), wide))).to.equal('CONSENT_RECEIPT')
    expect(codeOf(changed((fields) => ({ ...fields, t: [1, 2, 1, 2 ** 32, 0] }), wide))).to.equal('CONSENT_RECEIPT')
  })

  it('is refused without a proof, with two, or with half a signature', () => {
    const c = { a: new Uint8Array(20), o: new Uint8Array(32), f: 1, d: 2, s: new Uint8Array(65) }
    const bare: Change = ({ x: _, ...fields }) => fields
    expect(codeOf(changed(bare))).to.equal('CONSENT_RECEIPT')
    expect(codeOf(changed((fields) => ({ ...fields, c })))).to.equal('CONSENT_RECEIPT')
    expect(codeOf(changed((fields) => ({ ...bare(fields), c })))).to.equal('success')
    for (const length of [0, 64, 1_025])
      expect(codeOf(changed((fields) => ({ ...bare(fields), c: { ...c, s: new Uint8Array(length) } })))).to.equal(
        'CONSENT_RECEIPT',
      )
  })

  it('is refused for another network, another version, another code, or too long', () => {
    const text = encodeConsentReceipt(receipt)
    expect(() => parseConsentReceipt(text, { networkId: zero }))
      .to.throw()
      .with.property('code', 'CONSENT_RECEIPT')
    expect(codeOf(changed((fields) => ({ ...fields, v: 2 })))).to.equal('CONSENT_RECEIPT')
    expect(codeOf(changed((fields) => ({ ...fields, more: 1 })))).to.equal('CONSENT_RECEIPT')
    for (const odd of [
      '',
      'sharewell1:oA',
      prefix,
      `${prefix}!`,
      text.slice(0, -4),
      `${text}AAAA`,
      ' '.repeat(9_000) + text,
    ])
      expect(codeOf(odd)).to.equal('CONSENT_RECEIPT')
    expect(codeOf(`${prefix}${'A'.repeat(5_000)}`)).to.equal('CONSENT_RECEIPT')
  })

  it('never fails otherwise, whatever somebody pastes or changes', () => {
    const text = encodeConsentReceipt(receipt)
    const flipped = fc
      .tuple(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 1 }))
      .map(([at, one]) => text.slice(0, at) + one + text.slice(at + 1))
    const cbor = fc.uint8Array({ maxLength: 300 }).map((body) => prefix + toBase64url(new Uint8Array(body)))
    fc.assert(
      fc.property(fc.oneof(flipped, cbor, fc.string()), (odd) => {
        expect(codeOf(odd)).to.be.oneOf(['success', 'CONSENT_RECEIPT'])
      }),
      { numRuns: 2_000 },
    )
  })
})
