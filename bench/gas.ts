/**
 * What a consent costs on chain, beside what others take for the nearest thing they have. `npm run bench -- gas`.
 *
 * - Ours: the committed snapshot, which `npm test` holds the contracts to, exactly.
 * - OpenZeppelin's AccessManager 5.3.0, built here with our compiler settings.
 * - The Ethereum Attestation Service and Stow: the bytecode that their npm packages carry, run here on the same chain.
 * - MedRec, healthChains and MedRecChain are on no package registry: their figures are those measured once from their
 *   sources (optimizer, 200 runs), and are marked so.
 *
 * One execution each: gas is exact. Words are random, slots cold, as in our own snapshot.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Contract, ContractTransactionResponse, InterfaceAbi } from 'ethers'
import { network } from 'hardhat'
import { type Peer, peerFiles } from './peers.ts'

type Row = { readonly system: string; readonly act: string; readonly gas: number; readonly how: 'run' | 'quoted' }
type Artifact = { readonly abi: InterfaceAbi; readonly bytecode: string }

const eas: Peer = {
  name: '@ethereum-attestation-service/eas-contracts',
  version: '1.9.0',
  integrity: 'sha512-L60y1fgKlY3a45xxnPlgRbiGQY8RF/lF+AzF1iVoR7/aEzitS0Nuyyjq8+IXs1sSSU0dl2+yGSmELxVeB6FelA==',
}
const stow: Peer = {
  name: '@stowprotocol/stow-smart-contracts',
  version: '0.1.9',
  integrity: 'sha512-4tGZXL7yRhbjiRZV3zADMFrBAxIpcYvJzXYWLrzLml+TsioTn3i6+b7+kik/W004vXk5NVI2cOrB215IbrqTjA==',
}
/** Measured from their published sources: solc 0.4.24 or 0.8.28, optimizer with 200 runs, Cancun. */
const quoted: readonly (readonly [system: string, act: string, gas: number])[] = [
  ['MedRec', 'let a viewer in, first (no purpose, no end)', 230_262],
  ['MedRec', 'let the next viewer in', 213_150],
  ['MedRec', 'remove a viewer', 65_218],
  ['healthChains', 'consent, one type and one purpose, first', 394_227],
  ['healthChains', 'the same, later', 314_019],
  ['healthChains', 'revoke', 30_219],
  ['MedRecChain', 'approve a request (no scope, no end)', 50_453],
]

const { ethers } = await network.create()
const signers = await ethers.getSigners()
const patient = signers.at(0) ?? (await ethers.provider.getSigner(0))
const reader = signers.at(1) ?? (await ethers.provider.getSigner(1))
const who = await reader.getAddress()
const word = () => ethers.hexlify(ethers.randomBytes(32))

const gasOf = async (sent: Promise<ContractTransactionResponse>) => Number((await (await sent).wait())?.gasUsed)

async function deploy({ abi, bytecode }: Artifact, ...args: unknown[]): Promise<Contract> {
  const contract = await new ethers.ContractFactory(abi, bytecode, patient).deploy(...args)
  return (await contract.waitForDeployment()) as Contract
}
const artifact = async (...parts: string[]) => JSON.parse(await readFile(path.join(...parts), 'utf8')) as Artifact
/** Sends what the contract calls `name`; peers come without types. */
const call = (contract: Contract, name: string, ...args: unknown[]): Promise<ContractTransactionResponse> =>
  contract.getFunction(name)(...args)

async function ours(): Promise<Row[]> {
  const file = path.join(import.meta.dirname, '..', 'test', 'contracts', 'gas-snapshot.json')
  const snapshot = JSON.parse(await readFile(file, 'utf8')) as Record<string, number>
  return Object.entries(snapshot).map(([act, gas]) => ({ system: 'Sharewell', act, gas, how: 'run' }))
}

async function accessManager(): Promise<Row[]> {
  const manager = await ethers.deployContract('AccessManager', [await patient.getAddress()])
  const [role, other] = [7, 8]
  const row = async (act: string, sent: Promise<ContractTransactionResponse>): Promise<Row> => ({
    system: 'OpenZeppelin AccessManager 5.3.0',
    act,
    gas: await gasOf(sent),
    how: 'run',
  })
  return [
    await row('grant a role (no scope, no purpose, no end)', manager.grantRole(role, who, 0)),
    await row('grant a second role', manager.grantRole(other, who, 0)),
    await row('revoke a role', manager.revokeRole(role, who)),
  ]
}

async function attestations(): Promise<Row[]> {
  const contracts = path.join(await peerFiles(eas), 'artifacts', 'contracts')
  const registry = await deploy(await artifact(contracts, 'SchemaRegistry.sol', 'SchemaRegistry.json'))
  const service = await deploy(await artifact(contracts, 'EAS.sol', 'EAS.json'), await registry.getAddress())
  const fields = 'bytes32 record,address reader,uint128 scope'
  await (await call(registry, 'register', fields, ethers.ZeroAddress, true)).wait()
  const schema = ethers.solidityPackedKeccak256(['string', 'address', 'bool'], [fields, ethers.ZeroAddress, true])
  const attestation = () => ({
    recipient: who,
    expirationTime: 2n ** 35n,
    revocable: true,
    refUID: ethers.ZeroHash,
    data: ethers.AbiCoder.defaultAbiCoder().encode(['bytes32', 'address', 'uint128'], [word(), who, 5]),
    value: 0,
  })
  const sent = await call(service, 'attest', { schema, data: attestation() })
  const receipt = await sent.wait()
  const uid = receipt?.logs[0]?.data.slice(0, 66)
  const fifty = Array.from({ length: 50 }, attestation)
  const many = await gasOf(call(service, 'multiAttest', [{ schema, data: fifty }]))
  const system = 'Ethereum Attestation Service 1.9.0'
  return [
    { system, act: 'attest a consent (record, reader, scope, end)', gas: Number(receipt?.gasUsed), how: 'run' },
    { system, act: 'the same, one of fifty together', gas: Math.ceil(many / 50), how: 'run' },
    {
      system,
      act: 'revoke',
      gas: await gasOf(call(service, 'revoke', { schema, data: { uid, value: 0 } })),
      how: 'run',
    },
  ]
}

async function stowPermissions(): Promise<Row[]> {
  const built = path.join(await peerFiles(stow), 'build', 'contracts')
  const hub = await deploy(await artifact(built, 'StowHub.json'))
  const at = await hub.getAddress()
  const part = async (name: string) => {
    const contract = await deploy(await artifact(built, `Stow${name}.json`), at)
    await (await call(hub, `set${name}Contract`, await contract.getAddress())).wait()
    return contract
  }
  const [users, records, permissions] = [await part('Users'), await part('Records'), await part('Permissions')]
  await (await call(users, 'register')).wait()
  const record = word()
  const uri = 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG'
  const system = 'Stow 0.1.9'
  return [
    { system, act: 'add a record', gas: await gasOf(call(records, 'addRecord', record, '{}', uri)), how: 'run' },
    {
      system,
      act: 'grant access (no purpose, no end)',
      gas: await gasOf(call(permissions, 'grantAccess', record, who, uri)),
      how: 'run',
    },
    { system, act: 'revoke access', gas: await gasOf(call(permissions, 'revokeAccess', record, who)), how: 'run' },
  ]
}

const rows: Row[] = [
  ...(await ours()),
  ...(await accessManager()),
  ...(await attestations()),
  ...(await stowPermissions()),
  ...quoted.map(([system, act, gas]): Row => ({ system, act, gas, how: 'quoted' })),
]
process.stdout.write('| system | act | gas | |\n|---|---|---:|---|\n')
for (const { system, act, gas, how } of rows)
  process.stdout.write(`| ${system} | ${act} | ${gas.toLocaleString('en')} | ${how === 'quoted' ? 'quoted' : ''} |\n`)
const results = path.join(import.meta.dirname, 'results')
await mkdir(results, { recursive: true })
await writeFile(path.join(results, 'gas.json'), `${JSON.stringify(rows, null, 2)}\n`)
