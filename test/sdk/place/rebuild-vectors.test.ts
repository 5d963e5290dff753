import { type Bytes, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { type Message, type SignedMessage, signerOf } from '@sharewell/sdk/chain'
import { convicts, type FrameFaultProof, jobIdOf, rebuild, type ShareFaultProof } from '@sharewell/sdk/place'
import { parseManifest } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { rebuildVectors } from '../../../docs/spec/vectors/generate-rebuild.ts'
import { formatVector } from '../../../docs/spec/vectors/vector.ts'
import { codeOf } from '../../helpers/code-of.ts'
import { files } from '../../helpers/scenarios.ts'

type Common = {
  readonly comment: string
  readonly expect: string
  readonly chainId: number
  readonly verifyingContract: Hex
  readonly networkId: Hex
  readonly manifest: Hex
}
type Stream = Common & {
  readonly kind: 'stream'
  readonly contentLeaves: Hex
  readonly worker: Hex
  readonly request: Message<'RebuildRequest'>
  readonly jobId: Hex
  readonly stream: Hex
}
type Fault = Common & {
  readonly kind: 'fault'
  readonly accused: Hex
  readonly proof: ShareFaultProof | FrameFaultProof
}

const operator: Hex = `0x${'01'.repeat(16)}`

/** Judges signatures by the one account that the vector names. */
const judge = ({ chainId, verifyingContract }: Common, account: Hex) => {
  const contracts = {
    accessManager: verifyingContract,
    actorRegistry: verifyingContract,
    patientRegistry: verifyingContract,
    recordRegistry: verifyingContract,
    consentRegistry: verifyingContract,
    delegations: verifyingContract,
    keyCommittee: verifyingContract,
    accessLog: verifyingContract,
    breakGlass: verifyingContract,
    faultReports: verifyingContract,
    audits: verifyingContract,
    council: verifyingContract,
  }
  return (kind: 'Frame' | 'WorkReceipt' | 'ShareResponse') =>
    async (_: Hex, { message, signature }: { message: object; signature: Hex }) => {
      const signed = { kind, message, signature } as SignedMessage
      const signer = await signerOf({ chainId, contracts }, signed).catch(() => undefined)
      return signer?.toLowerCase() === account.toLowerCase()
    }
}

async function runStream(vector: Stream): Promise<void> {
  const { manifest } = parseManifest(fromHex(vector.manifest), { networkId: fromHex(vector.networkId) })
  expect(jobIdOf(vector.request)).to.equal(vector.jobId)
  const signedBy = judge(vector, vector.worker)
  const unsigned = { signature: '0x' as Hex, possession: { message: {}, signature: '0x' as Hex } }
  const body = { request: vector.request, ...unsigned, record: { recordId: toHex(manifest.recordId) } }
  const chunks = rebuild({ operator, url: 'http://worker.test' }, body, {
    manifest,
    contentLeaves: async () => fromHex(vector.contentLeaves),
    verifyFrame: signedBy('Frame'),
    verifyReceipt: signedBy('WorkReceipt'),
    fetch: async () => new Response(fromHex(vector.stream)),
  })
  const sealed: Bytes[] = []
  const reading = async () => {
    for await (const chunk of chunks) sealed.push(chunk.sealed)
  }
  expect(await codeOf(reading())).to.equal(vector.expect)
  if (vector.expect === 'success') expect(sealed).to.have.length(vector.request.count)
}

async function runFault(vector: Fault): Promise<void> {
  const { manifest, hash } = parseManifest(fromHex(vector.manifest), { networkId: fromHex(vector.networkId) })
  const signedBy = judge(vector, vector.accused)
  const verdict = await convicts(vector.proof, {
    manifest,
    manifestHash: toHex(hash),
    operator,
    verifyShare: signedBy('ShareResponse'),
    verifyFrame: signedBy('Frame'),
  })
  expect(String(verdict)).to.equal(vector.expect)
}

describe('vectors of rebuild', () => {
  const vectors = files('rebuild') as { readonly [name: string]: Stream | Fault }
  for (const [name, vector] of Object.entries(vectors))
    it(`${name}: ${vector.comment}`, () => (vector.kind === 'stream' ? runStream(vector) : runFault(vector)))

  it('are those that the generator makes', async () => {
    const made = await rebuildVectors()
    expect(Object.keys(vectors).sort()).to.deep.equal(Object.keys(made).sort())
    for (const [name, vector] of Object.entries(made))
      expect(vectors[name], name).to.deep.equal(JSON.parse(formatVector(vector)))
  })
})
