/**
 * The policy that deposits take where none is named: chosen with `sharewell policy --use`.
 * @module
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { checkPolicy, type Policy } from '@sharewell/sdk/share'
import { inState, StateError, stateFolder } from './state.ts'

const fileName = 'chosen.json'
/** How many choices can be undone, one after the other. */
const remembered = 20

/** The policy in use, or undefined where none was chosen. */
export const keptPolicy = (): Policy | undefined => history().at(-1)

/** Uses a policy from now on. */
export function keepPolicy(policy: Policy): void {
  keep([...history(), policy].slice(-remembered))
}

/** Takes the last choice back; false where there is none. What was chosen before it is in use then, or nothing. */
export function undoPolicy(): boolean {
  const chosen = history()
  if (chosen.length === 0) return false
  keep(chosen.slice(0, -1))
  return true
}

const fileOf = (): string => path.join(stateFolder('policy'), fileName)

function history(): readonly Policy[] {
  const file = fileOf()
  return inState(file, () => {
    let text: string
    try {
      text = readFileSync(file, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw error
    }
    return parsed(text, file)
  })
}

function parsed(text: string, file: string): readonly Policy[] {
  try {
    const found: unknown = JSON.parse(text)
    if (!Array.isArray(found) || found.length > remembered) throw new TypeError('No list of policies.')
    return found.map((numbers: unknown) => {
      const [n, t, r] = Array.isArray(numbers) ? numbers.map(Number) : []
      const policy = { n: n ?? 0, t: t ?? 0, r: r ?? 0 }
      checkPolicy(policy)
      return policy
    })
  } catch (cause) {
    throw new StateError({ file, reason: 'it is damaged', cause })
  }
}

function keep(chosen: readonly Policy[]): void {
  const file = fileOf()
  inState(file, () => {
    if (chosen.length === 0) return rmSync(file, { force: true })
    const partial = `${file}.${process.pid}.part`
    writeFileSync(partial, `${JSON.stringify(chosen.map(({ n, t, r }) => [n, t, r]))}\n`, { mode: 0o600 })
    renameSync(partial, file)
  })
}
