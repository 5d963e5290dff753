import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

/** A bug for one contract. */
export type Bug = {
  readonly bug: string
  /** The file to change, below `contracts/`. */
  readonly contract: string
  /** The files between it and who uses it, which are copied too. */
  readonly through?: readonly string[]
  readonly from: string
  readonly to: string
}

export const root = fileURLToPath(new URL('../../', import.meta.url))

/** The copies that carry a bug, by name and text; what they import lies in `contracts` beside their own folder. */
export async function planted({ bug, contract, through = [], from, to }: Bug): Promise<Map<string, string>> {
  const names = [contract, ...through]
  const copies = new Map<string, string>()
  for (const name of names) {
    const source = await readFile(path.join(root, `contracts/${name}.sol`), 'utf8')
    if (name === contract) expect(source.split(from), `the place for "${bug}"`).to.have.length(2)
    const changed = name === contract ? source.replace(from, to) : source
    copies.set(
      name,
      changed.replace(/(?<=from ")\.[^"]+(?=\.sol")/g, (target) => pointed(name, target, names)),
    )
  }
  return copies
}

/** Where an import of a copied file leads: to the other copies, else to the real contracts. */
function pointed(copy: string, target: string, copies: readonly string[]): string {
  const whole = path.posix.join(path.posix.dirname(copy), target)
  const home = path.posix.relative(path.posix.dirname(copy), '.') || '.'
  return copies.includes(whole) ? `${home}/${whole}` : `${home}/../contracts/${whole}`
}
