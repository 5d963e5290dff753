import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { type Peer, peerFiles } from '../peers.ts'

/** The libraries that the share code is measured beside, as they are published. */
export const sharePeers = {
  'shamir-secret-sharing': {
    version: '0.0.4',
    integrity: 'sha512-ui8u/cIg2j16b9on/LH3V/glL6wHdwiTo/Iajzqx0STniBvuOzl6VYUxhrow3waF0dggovJfYiBZSWfTAN4XLQ==',
  },
  'secrets.js-grempe': {
    version: '2.0.0',
    integrity: 'sha512-4xkOIaDAg998dTFXZUJTOoVbdLHfB818SMeLJ69ABccgGEKokxsoRFupAFfAImloUSKv4QUGNMgKVbKMf6z0Ug==',
  },
  'shamirs-secret-sharing': {
    version: '2.0.1',
    integrity: 'sha512-gB2iE9Wb7BXfO+ExUU+i7/fdjOK7h4+Mtp9ZGRjmdGSeUq3czN+f/gX2KsKJdebXwG09D3SCRH0aqHmEuR2P6A==',
  },
  shamir: {
    version: '0.7.1',
    integrity: 'sha512-pZGu0OiH6vbZOZsVRGYCNXsY6v5gvLjJHLJKrmgJYb0fKvhdnxSJu+dnRSg+NPeg9kudMPdTSqDRy0n7JRBP7w==',
  },
  '@subspace/reed-solomon-erasure.wasm': {
    version: '0.2.5',
    integrity: 'sha512-dMAvEY2Z1Txquat0Ur2424sqz18YRD4OwXihiLxCLTKl5zJvH1/LuuUPOYl5kqu+M41j0TTzscvhXHuK+GiOoQ==',
  },
  'wasm-reed-solomon-erasure': {
    version: '0.2.2',
    integrity: 'sha512-t/VxsHL7HcCuOjUyJs2nuTXj3IfBb8EEn3fjn79GJq25RyIXR68c+OOCZQo9Kj9QGiZGq/e7rtLcDykX+8mUVA==',
  },
  '@bnb-chain/reed-solomon': {
    version: '1.1.4',
    integrity: 'sha512-mebL6p1iHt9B6lpxX1pxW/K3KA35sVdMsIyW/B31URjktSJ0osGEvVUoYGb53nuSIUIUtm2wPtE0+0dZV1CMLw==',
  },
} satisfies Record<string, Omit<Peer, 'name'>>
type Name = keyof typeof sharePeers

const require = createRequire(import.meta.url)
const fileOf = async (name: Name, file: string) => path.join(await peerFiles({ name, ...sharePeers[name] }), file)

/** Shares of peers, as each of them makes them: nothing here looks inside. */
type Opaque = { readonly kind: unique symbol }

type Privy = {
  split(secret: Uint8Array, shares: number, threshold: number): Promise<Uint8Array[]>
  combine(shares: Uint8Array[]): Promise<Uint8Array>
}
type Grempe = {
  init(bits: number): void
  share(hex: string, shares: number, threshold: number): string[]
  combine(shares: string[]): string
}
type Werle = {
  split(secret: Uint8Array, options: { shares: number; threshold: number }): Opaque[]
  combine(shares: Opaque[]): Uint8Array
}
type Massey = {
  split(random: (length: number) => Uint8Array, n: number, k: number, secret: Uint8Array): Record<string, Uint8Array>
  join(parts: Record<string, Uint8Array>): Uint8Array
}
type Subspace = {
  encode(shards: Uint8Array, data: number, parity: number): number
  reconstruct(shards: Uint8Array, data: number, parity: number, available: boolean[]): number
}
type Wasm = {
  encode(data: Uint8Array[], parity: number): Uint8Array[]
  reconstruct(shards: Uint8Array[], parity: number, dead: Uint32Array): Uint8Array[]
}
type Bnb = {
  readonly ReedSolomon: new (
    data: number,
    parity: number,
    size: number,
  ) => { encodeSegment(bytes: Uint8Array): unknown }
}

export const privy = async (): Promise<Privy> => require(await fileOf('shamir-secret-sharing', 'index.js'))
export const grempe = async (): Promise<Grempe> => require(await fileOf('secrets.js-grempe', 'secrets.js'))
export const werle = async (): Promise<Werle> => import(await fileOf('shamirs-secret-sharing', 'index.js'))
export const massey = async (): Promise<Massey> => require(await fileOf('shamir', 'src/main/js/Scheme.js'))
export const wasmErasure = async (): Promise<Wasm> =>
  require(await fileOf('wasm-reed-solomon-erasure', 'wasm_reed_solomon_erasure.js'))

export async function subspace(): Promise<Subspace> {
  const name = '@subspace/reed-solomon-erasure.wasm'
  const { ReedSolomonErasure } = require(await fileOf(name, 'dist/index.js')) as {
    ReedSolomonErasure: { fromBytes(bytes: Uint8Array): Subspace }
  }
  return ReedSolomonErasure.fromBytes(await readFile(await fileOf(name, 'dist/reed_solomon_erasure_bg.wasm')))
}

export const bnb = async (): Promise<Bnb> => require(await fileOf('@bnb-chain/reed-solomon', 'dist/index.aio.js'))
