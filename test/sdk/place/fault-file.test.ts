import { type Bytes, fromBase64url, type Hex, toBase64url } from '@sharewell/sdk/bytes'
import { speakerOf } from '@sharewell/sdk/chain'
import {
  type Conviction,
  encodeFaultFile,
  type FaultFile,
  FaultRefusedError,
  judgeFault,
  manifestsOf,
  parseFaultFile,
} from '@sharewell/sdk/place'
import { sha256 } from '@sharewell/sdk/primitives'
import { encodeManifest } from '@sharewell/sdk/share'
import { signObject } from '@sharewell/sdk/signed'
import { expect } from 'chai'
import { codeOf } from '../../helpers/code-of.ts'
import { type Lies, tellLies } from '../../helpers/fault-files.ts'
import { newAccount, paperNetwork } from '../../helpers/parties.ts'

const network = paperNetwork()
const kinds = ['share', 'frame', 'upload'] as const

/** Judges by nothing but the file. */
const judged = (file: FaultFile): Promise<Conviction> => {
  const by = (kind: 'ShareResponse' | 'Frame') => async (_: Hex, signed: { message: unknown; signature: Hex }) => {
    const word = { kind, ...signed } as Parameters<typeof speakerOf>[1]
    const signer = await speakerOf(file.network, word).catch(() => undefined)
    return signer?.toLowerCase() === file.accused?.account
  }
  return judgeFault(file, { verifyShare: by('ShareResponse'), verifyFrame: by('Frame') })
}
const reasonOf = async (file: FaultFile): Promise<string> => {
  const error = await judged(file).catch((thrown: unknown) => thrown)
  expect(error).to.be.instanceOf(FaultRefusedError)
  return (error as Error).message.split('\n', 1)[0] ?? ''
}

describe('a fault file', () => {
  let lies: Lies
  before(async () => {
    lies = await tellLies(network)
  })

  for (const kind of kinds)
    it(`of a ${kind} comes back as it was written, and convicts the liar`, async () => {
      const file = parseFaultFile(encodeFaultFile(lies.file[kind]))
      expect(file).to.deep.equal(lies.file[kind])
      const { account, operator, i, shares } = await judged(file)
      const who = kind === 'upload' ? undefined : lies.liar.operator
      expect(operator).to.equal(who)
      expect(account).to.equal(kind === 'upload' ? lies.uploader : lies.liar.account.address.toLowerCase())
      expect(i).to.equal(1)
      expect(shares).to.deep.equal({ share: [0], frame: [], upload: [0, 1, 2] }[kind])
    })

  it('names one fault, however often the same lie was signed', async () => {
    const ids = await Promise.all(kinds.map(async (kind) => (await judged(lies.file[kind])).fault))
    expect(new Set(ids).size).to.equal(3)
    expect(lies.again).to.not.deep.equal(lies.file.share)
    expect((await judged(lies.again)).fault).to.equal(ids[0])
  })

  it('does not convict who told the truth', async () => {
    expect(await reasonOf(lies.truth.share)).to.contain('signed the right digest')
    expect(await reasonOf(lies.truth.frame)).to.contain('signed the right digest')
  })

  it('does not convict another account, another operator’s record, or on another network', async () => {
    const other = await tellLies(network)
    for (const kind of ['share', 'frame'] as const) {
      const { accused } = other.file[kind]
      expect(await reasonOf({ ...lies.file[kind], accused })).to.contain('did not sign it')
      expect(await reasonOf({ ...lies.file[kind], manifest: other.record.blocks.manifest })).to.contain(
        'another manifest',
      )
      const moved = { ...lies.file[kind].network, recordRegistry: `0x${'77'.repeat(20)}` as Hex }
      expect(await reasonOf({ ...lies.file[kind], network: moved })).to.contain('did not sign it')
      const far = { ...lies.file[kind].network, chainId: 1 }
      expect(await reasonOf({ ...lies.file[kind], network: far })).to.contain('did not sign it')
    }
    const foreign = { ...lies.file.upload.network, networkId: `0x${'77'.repeat(32)}` as Hex }
    expect(await reasonOf({ ...lies.file.upload, network: foreign })).to.contain('manifest does not hold')
  })

  it('convicts nobody once any digit of any field is another', async () => {
    for (const kind of kinds)
      for (const [name, altered] of alterations(lies.file[kind])) {
        const code = await codeOf((async () => judged(parseFaultFile(altered)))())
        expect(code, `${kind} ${name}`).to.be.oneOf(['FAULT_REFUSED', 'FAULT_FILE'])
      }
  })

  it('does not convict a depositor who split rightly', async () => {
    const { record, file } = lies
    const { proof } = file.upload
    if (proof.kind !== 'upload') throw new Error('another kind')
    const right = await uploadAbout(lies)
    expect(await reasonOf(right)).to.contain('the very chunk that the manifest names')
    const { proof: whole } = right
    if (whole.kind !== 'upload') throw new Error('another kind')
    const [first, second] = whole.parts
    if (!first || !second) throw new Error('no parts')
    const withParts = (parts: typeof whole.parts) => reasonOf({ ...right, proof: { ...whole, parts } })
    expect(await withParts(whole.parts.slice(1))).to.contain('needs 3 different shares')
    expect(await withParts([first, first, second])).to.contain('needs 3 different shares')
    expect(await withParts([{ ...first, index: 9 }, ...whole.parts.slice(1)])).to.contain('no share 9')
    const short = { ...first, body: first.body.slice(1) }
    expect(await withParts([short, ...whole.parts.slice(1)])).to.contain('another length')
    const swapped = { ...first, body: second.body }
    expect(await withParts([swapped, ...whole.parts.slice(1)])).to.contain('does not stand under its root')
    expect(await reasonOf({ ...right, proof: { ...whole, i: 99 } })).to.contain('no such chunk')
    // What proves one record's depositor wrong proves nothing of another's.
    expect(await reasonOf({ ...file.upload, manifest: record.blocks.manifest })).to.contain('contentRoot')
  })

  it('blames no depositor for shares that others made since', async () => {
    const { file } = lies
    const account = newAccount()
    const bad = await judged(file.upload)
    const payload = encodeManifest({ ...bad.manifest, prev: sha256(file.upload.manifest), attest: [] })
    const manifest = await signObject('manifest', payload, bad.manifest.networkId, account)
    expect(await reasonOf({ ...file.upload, manifest })).to.contain('follows another one')
  })

  it('of a renewed share convicts by its own manifest, and leads to the anchored one or nowhere', async () => {
    const { renewed, record, liar } = lies
    const file = parseFaultFile(encodeFaultFile(renewed))
    expect(file).to.deep.equal(renewed)
    const found = await judged(file)
    expect(found).to.include({ operator: liar.operator, kind: 'share', anchored: record.manifestHash })
    expect(found.manifestHash).not.to.equal(record.manifestHash)
    const { lineage = [], manifest } = renewed
    expect((await judged({ ...renewed, lineage: undefined })).anchored).to.equal(undefined)
    const strange = (await tellLies(network)).record.blocks.manifest
    for (const wrong of [[strange], [...lineage, strange], [manifest, ...lineage], [manifest]])
      expect(await reasonOf({ ...renewed, lineage: wrong })).to.contain('its manifest does not hold')
    for (const [name, altered] of alterations(renewed)) {
      const code = await codeOf((async () => judged(parseFaultFile(altered)))())
      expect(code, name).to.be.oneOf(['FAULT_REFUSED', 'FAULT_FILE'])
    }
  })

  it('is written with the manifests from the one that the liar named to the anchored one', () => {
    const { record, renewed, file } = lies
    const anchored = record.blocks.manifest
    const whole = [renewed.manifest, anchored]
    expect(manifestsOf(whole, renewed.proof)).to.deep.equal({ manifest: renewed.manifest, lineage: [anchored] })
    expect(manifestsOf(whole, file.share.proof)).to.deep.equal({ manifest: anchored })
    expect(manifestsOf(whole, file.upload.proof)).to.deep.equal({ manifest: anchored })
    expect(manifestsOf([anchored], renewed.proof)).to.equal(undefined)
  })

  it('is refused when it is no such file', () => {
    const text = encodeFaultFile(lies.file.share)
    const json = JSON.parse(text)
    const wrong: unknown[] = [
      null,
      [],
      {},
      { ...json, more: 1 },
      { ...json, format: 'sharewell-fault-2' },
      { ...json, accused: undefined },
      { ...json, proof: { ...json.proof, kind: 'other' } },
      { ...json, lineage: [] },
      { ...json, lineage: Array(257).fill('') },
      { ...json, proof: { ...json.proof, path: Array(65).fill(json.proof.leaf) } },
      { ...JSON.parse(encodeFaultFile(lies.file.upload)), accused: json.accused },
    ]
    for (const one of wrong) expect(() => parseFaultFile(JSON.stringify(one))).to.throw('This is no fault proof')
    expect(() => parseFaultFile('{')).to.throw('it is no JSON')
    expect(() => parseFaultFile(' '.repeat((32 << 20) + 1))).to.throw('too long')
  })
})

/** The file with each string and number of it altered in turn, but for those that nothing depends on. */
function* alterations(file: FaultFile): Generator<[string, string]> {
  const json = JSON.parse(encodeFaultFile(file))
  for (const at of leavesOf(json)) {
    const name = at.join('.')
    // The same account lies under whatever id it is registered: the chain says which.
    if (name === 'accused.operator') continue
    // Of an upload only the manifest is signed, and it binds no chain.
    if (file.proof.kind === 'upload' && /^network\.(?:chainId|recordRegistry)$/.test(name)) continue
    const copy = structuredClone(json)
    const parent = at.slice(0, -1).reduce((node, key) => node[key], copy)
    const last = at.at(-1) ?? ''
    parent[last] = altered(parent[last])
    yield [name, JSON.stringify(copy)]
  }
}

function* leavesOf(node: unknown, at: string[] = []): Generator<string[]> {
  if (typeof node !== 'object' || node === null) return yield at
  for (const [key, value] of Object.entries(node)) yield* leavesOf(value, [...at, key])
}

function altered(value: unknown): unknown {
  if (typeof value === 'number') return value + 1
  if (typeof value !== 'string') return value
  if (!value.startsWith('0x')) {
    const bytes = value.length > 40 ? fromBase64url(value) : undefined
    if (!bytes) return `${value}x`
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
    return toBase64url(bytes)
  }
  const middle = value.length >> 1
  return `${value.slice(0, middle)}${value[middle] === '0' ? '1' : '0'}${value.slice(middle + 1)}`
}

/** A proof of chunk 1 of the record that was split rightly: nothing of it is false but the charge. */
async function uploadAbout({ record, file }: Lies): Promise<FaultFile> {
  const { proveUploadLie } = await import('../../../sdk/src/place/upload-fault.ts')
  const bodies = encodeRows(record)
  const proof = await proveUploadLie(record.manifest, 1, bodies, {
    content: record.contentLeaves,
    share: async (index) => record.shareLeaves[index] as Bytes,
  })
  if (!proof) throw new Error('no proof')
  return { network: file.upload.network, manifest: record.blocks.manifest, proof }
}

const encodeRows = (record: Lies['record']) =>
  [4, 1, 3].map((index) => ({ index, body: record.parts[1]?.[index]?.body as Bytes }))
