import { readFileSync } from 'node:fs'
import path from 'node:path'
import solc from 'solc'
import { type Bug, planted, root } from '../planting.ts'
import type { Artifact } from './deployment.ts'

/** Compiles the consent registry with each of the bugs, all in one run, because most of what they need is shared. */
export async function compileBugs(bugs: readonly Bug[]): Promise<Artifact[]> {
  const copies = await Promise.all(bugs.map(planted))
  const sources = Object.fromEntries(
    copies.flatMap((files, i) => [...files].map(([name, content]) => [`bug${i}/${name}.sol`, { content }])),
  )
  const wanted = bugs.map((_, i) => [
    `bug${i}/ConsentRegistry.sol`,
    { ConsentRegistry: ['abi', 'evm.bytecode.object'] },
  ])
  const settings = { evmVersion: 'paris', outputSelection: Object.fromEntries(wanted) }
  const input = { language: 'Solidity', sources, settings }
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: read }))
  const error = output.errors?.find((one: { severity: string }) => one.severity === 'error')
  if (error) throw new Error(error.formattedMessage)
  return bugs.map((_, i) => {
    const { abi, evm } = output.contracts[`bug${i}/ConsentRegistry.sol`].ConsentRegistry
    return { abi, bytecode: `0x${evm.bytecode.object}` }
  })
}

/** What the copies import: the contracts beside them, and packages. */
function read(name: string): { contents: string } {
  const folder = name.startsWith('contracts/') ? root : path.join(root, 'node_modules')
  return { contents: readFileSync(path.join(folder, name), 'utf8') }
}
