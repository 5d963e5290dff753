import { fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import type { Chain } from '@sharewell/sdk/chain'
import { type PatientCode, parsePatientCode } from '@sharewell/sdk/person'

/** Whom a doctor looks for: from a whole code, or from a bare pseudonym, to which no note can be sealed. */
export type FoundPatient = {
  readonly pseudonym: Hex
  readonly code?: PatientCode | undefined
}

/** Reads what a patient shows: the code as text, or the bare pseudonym. Throws PatientCodeError. */
export function findPatient(text: string, { network }: Pick<Chain, 'network'>): FoundPatient {
  const trimmed = text.trim()
  if (/^0x[0-9a-f]{64}$/i.test(trimmed)) return { pseudonym: trimmed.toLowerCase() as Hex }
  const code = parsePatientCode(trimmed, { networkId: fromHex(network.networkId) })
  return { pseudonym: toHex(code.pseudonym), code }
}
