import { toHex } from '@sharewell/sdk/bytes'
import { guardianLetter, guardianOf, guardianSeedOf, openGuardianShare, sealGuardianShare } from '@sharewell/sdk/person'
import type { Hex } from 'viem'
import { keep, kept } from './device-store.ts'
import type { OpenVault } from './vault-session.ts'

/** One word of one sheet, by which a person can show later that the sheet is still there. */
export type Probe = { readonly sheet: number; readonly word: number; readonly is: string }

/** What this device knows of a kit that was made on it. The sheets themselves it forgets. */
export type KitNote = {
  readonly needed: number
  readonly of: number
  readonly madeAt: number
  readonly checkedAt?: number | undefined
  readonly probes: readonly Probe[]
}

/** A guardian as the patient calls one, and the code that the guardian gave. */
export type KnownGuardian = { readonly name: string; readonly code: string }

/** Requests and answers of one rotation that is under way, as texts. */
export type RotationNote = { readonly requests: readonly string[]; readonly approvals: readonly string[] }

/** What the device of a patient remembers about getting back. */
export type RecoveryNote = {
  readonly kit?: KitNote | undefined
  readonly guardians: readonly KnownGuardian[]
  readonly needed: number
  /** By pseudonym. */
  readonly rotations: Readonly<Record<Hex, RotationNote>>
}

/** Nothing was done yet. */
export const noNote: RecoveryNote = { guardians: [], needed: 2, rotations: {} }

/** Reads the note of a vault; one that does not open is none. */
export async function readNote({ vault, owner }: OpenVault, networkId: Hex): Promise<RecoveryNote> {
  const text = await kept('recovery', networkId, owner)
  if (text === undefined) return noNote
  const id = { networkId: vault.networkId }
  try {
    const letter = guardianLetter.read(text, id)
    return { ...noNote, ...(JSON.parse(await openGuardianShare(guardianSeedOf(vault), letter, id)) as RecoveryNote) }
  } catch {
    return noNote
  }
}

/** Keeps the note on this device, sealed to the vault itself: who has the device without the wallet learns nothing. */
export async function keepNote({ vault, owner }: OpenVault, note: RecoveryNote): Promise<RecoveryNote> {
  const { networkId } = vault
  const sealed = await sealGuardianShare(guardianOf(guardianSeedOf(vault)), JSON.stringify(note), { networkId })
  await keep('recovery', guardianLetter.write({ networkId, ...sealed }), toHex(networkId), owner)
  return note
}

/** Three words of each sheet, drawn at random: few enough to give nothing away, enough to ask for another one each time. */
export function probesOf(sheets: readonly string[], random: (below: number) => number): Probe[] {
  return sheets.flatMap((sheet, at) => {
    const words = sheet.split(' ')
    const free = words.map((_, place) => place)
    return Array.from({ length: 3 }, () => {
      const [place = 0] = free.splice(random(free.length), 1)
      return { sheet: at + 1, word: place + 1, is: words[place] ?? '' }
    })
  })
}

/** Whether a typed word is the one on the sheet; four letters are enough, as with the words themselves. */
export function isWord(typed: string, { is }: Probe): boolean {
  const written = typed.trim().toLowerCase()
  return written.length >= Math.min(4, is.length) && is.startsWith(written)
}
