'use client'

import { fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { type Chain, checkPatientKey, requestAccess } from '@sharewell/sdk/chain'
import { sealCapsule } from '@sharewell/sdk/envelope'
import { keyNodesOf, putCapsule } from '@sharewell/sdk/flow/key-nodes'
import { sha256 } from '@sharewell/sdk/primitives'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { noteWith } from '@/lib/note.ts'
import type { FoundPatient } from '@/lib/patient-code.ts'
import { useSession } from './useSession.ts'

export type Question = {
  readonly patient: FoundPatient
  readonly purpose: number
  readonly note: string
  /** Categories by name; the patient reads them in the note, the chain does not. */
  readonly categories: readonly number[]
}

/** All kinds of record: a doctor cannot tell a patient's bits apart, so the question itself names none. */
const everyKind = 0xffffffff

/** Asks a patient: the note is sealed to the patient and left at the key nodes, its hash and the question go on chain. */
export function useAsk() {
  const { address, chainAs } = useSession()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ patient, purpose, note, categories }: Question) => {
      if (!address) return
      const chain = await chainAs(address)
      const text = noteWith(note, categories)
      const noteHash = text && patient.code ? await leaveNote(chain, patient.code, text) : undefined
      await requestAccess(chain, { pseudonym: patient.pseudonym, purpose, categories: everyKind, noteHash })
    },
    onSuccess: async () => await queries.invalidateQueries({ queryKey: ['asked'] }),
  })
}

async function leaveNote(chain: Chain, code: NonNullable<FoundPatient['code']>, text: string): Promise<Hex> {
  const { wallet, network } = chain
  if (!wallet) throw new Error('No wallet is connected.')
  const { pseudonym, selfPublicKey } = code
  await checkPatientKey(chain, { pseudonym: toHex(pseudonym), selfPublicKey })
  const signer = { address: wallet.account.address, signTypedData: wallet.signTypedData }
  const content = {
    networkId: fromHex(network.networkId),
    pseudonym,
    purpose: 'note' as const,
    publicKey: selfPublicKey,
    plaintext: new TextEncoder().encode(text),
  }
  const capsule = await sealCapsule(content, signer)
  await putCapsule(await keyNodesOf(chain), { capsule })
  return toHex(sha256(capsule))
}
