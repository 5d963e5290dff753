import { type Bytes, equal, toHex } from '@sharewell/sdk/bytes'
import { createAccumulator, createTree, prove, root, verify, verifyConsistency } from '@sharewell/sdk/merkle'
import { sha256 } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import fc from 'fast-check'
import consistency from '../../data/merkle-rfc9162/consistency.json' with { type: 'json' }
import inclusion from '../../data/merkle-rfc9162/inclusion.json' with { type: 'json' }

const base64 = (text: string) => new Uint8Array(Buffer.from(text, 'base64'))
/** The leaves of the Certificate Transparency tests, by their hash. */
const leafHexes = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const knownLeaves = leafHexes.map((hex) => new Uint8Array(Buffer.from(hex, 'hex')))
const leafHash = (leaf: Uint8Array) => sha256(new Uint8Array([0, ...leaf]))
const listOf = (size: number): Bytes[] => Array.from({ length: size }, (_, i) => Uint8Array.of(i, i >> 8))

describe('Merkle tree', () => {
  it('accepts the sound proofs of RFC 9162 implementations and refuses the damaged ones', () => {
    const counts = { accepted: 0, refused: 0 }
    for (const { file, leafIdx, treeSize, root, leafHash: hash, proof, wantErr } of inclusion) {
      const leaf = knownLeaves.find((leaf) => equal(leafHash(leaf), base64(hash))) ?? base64(hash)
      const accepted = verify(base64(root), treeSize, leafIdx, leaf, (proof ?? []).map(base64))
      expect(accepted, file).to.equal(!wantErr)
      counts[accepted ? 'accepted' : 'refused']++
    }
    expect(counts).to.deep.equal({ accepted: 3, refused: 46 })
  })

  it('accepts their sound consistency proofs and refuses the damaged ones', () => {
    const counts = { accepted: 0, refused: 0 }
    for (const { file, size1, size2, root1, root2, proof, wantErr } of consistency) {
      const [first, second] = [
        { root: base64(root1), size: size1 },
        { root: base64(root2), size: size2 },
      ]
      const accepted = verifyConsistency(first, second, (proof ?? []).map(base64))
      // An empty tree says nothing; we take no checkpoint of it.
      expect(accepted, file).to.equal(!wantErr && size1 > 0)
      counts[accepted ? 'accepted' : 'refused']++
    }
    expect(counts).to.deep.equal({ accepted: 3, refused: 40 })
  })

  it('proves that every small tree continues each smaller one, and no other', () => {
    for (let size = 1; size <= 24; size++) {
      const tree = createTree(listOf(size))
      for (let before = 1; before <= size; before++) {
        const first = { root: root(listOf(before)), size: before }
        const proof = tree.proveFrom(before)
        expect(verifyConsistency(first, tree, proof), `${before} to ${size}`).to.equal(true)
        expect(
          verifyConsistency({ ...first, root: root(listOf(before).with(0, Uint8Array.of(9))) }, tree, proof),
        ).to.equal(false)
        if (before < size) expect(verifyConsistency({ ...first, size: before + 1 }, tree, proof)).to.equal(false)
        expect(verifyConsistency(first, tree, [...proof, tree.root])).to.equal(false)
      }
    }
  })

  it('has the roots of the Certificate Transparency tests', () => {
    expect(toHex(root([]))).to.equal('0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(toHex(root(knownLeaves.slice(0, 1)))).to.equal(
      '0x6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    )
    expect(toHex(root(knownLeaves))).to.equal('0x5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328')
  })

  it('proves every leaf of every small tree, alone and streamed', () => {
    for (let size = 1; size <= 40; size++) {
      const leaves = listOf(size)
      const tree = createTree(leaves)
      const streamed = createAccumulator()
      for (const leaf of leaves) streamed.add(leaf)
      expect(streamed.root()).to.deep.equal(tree.root)
      expect(streamed.size).to.equal(size)
      leaves.forEach((leaf, i) => {
        expect(verify(tree.root, size, i, leaf, tree.prove(i)), `leaf ${i} of ${size}`).to.equal(true)
      })
    }
  })

  it('refuses each proof at another place, size, leaf or root, cut, longer or altered', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 70 }), fc.nat(), fc.nat(), (size, a, b) => {
        const leaves = listOf(size)
        const i = a % size
        const proof = prove(leaves, i)
        const top = root(leaves)
        const leaf = leaves[i] as Bytes
        const altered = proof.map((hash) => hash.slice())
        const hash = altered[b % proof.length] as Bytes
        hash[b % 32] = (hash[b % 32] as number) ^ 1
        expect(verify(top, size, (i + 1) % size, leaf, proof)).to.equal(false)
        expect(verify(top, size, i, Uint8Array.of(1, 2, 3), proof)).to.equal(false)
        expect(verify(leaf, size, i, leaf, proof)).to.equal(false)
        expect(verify(top, size, i, leaf, proof.slice(1))).to.equal(false)
        expect(verify(top, size, i, leaf, [...proof, top])).to.equal(false)
        expect(verify(top, size, i, leaf, altered)).to.equal(false)
      }),
    )
  })

  it('has no leaf beyond its end', () => {
    for (const i of [-1, 3, 0.5, Number.NaN]) {
      expect(() => prove(listOf(3), i))
        .to.throw()
        .with.property('code', 'MERKLE_INDEX')
      expect(verify(root(listOf(3)), 3, i, Uint8Array.of(0, 0), [])).to.equal(false)
    }
  })
})
