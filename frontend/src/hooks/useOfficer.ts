'use client'

import { fromHex, type Hex } from '@sharewell/sdk/bytes'
import { type GlassWindow, glassWindow, officersOf, patientOf } from '@sharewell/sdk/chain'
import { publicKeyOf } from '@sharewell/sdk/envelope'
import { breakGlass, checkAsk, encodeGlassParts, type GlassAsk, handOnParts, parseGlassAsk } from '@sharewell/sdk/flow'
import { useMutation } from '@tanstack/react-query'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { NotTheOfficerError, OfficerKeyError } from '@/lib/emergency-errors.ts'
import { lower } from '@/lib/names.ts'
import { useSession } from './useSession.ts'
import { useWindows } from './useWindows.ts'

/** A request that is whole: who asks, why, and the emergency that it would open, or opened. */
export type LookedAt = {
  readonly ask: GlassAsk
  readonly windowId: Hex
  readonly window: GlassWindow | undefined
}

/** An emergency officer's side: looking at what a clinician asks, and agreeing. */
export function useOfficer(account: Hex) {
  const { chain } = useNetwork()
  const { chainAs } = useSession()
  const { reread } = useWindows()

  const look = useMutation({
    mutationFn: async (text: string): Promise<LookedAt> => {
      const ask = parseGlassAsk(text)
      const windowId = await checkAsk(chain, ask)
      if (lower(ask.opening.guardian) !== lower(account)) throw new NotTheOfficerError()
      return { ask, windowId, window: await glassWindow(chain, { windowId }) }
    },
  })
  const agree = useMutation({
    mutationFn: async ({ looked: { ask, window }, seed }: { looked: LookedAt; seed: Hex }): Promise<string> => {
      const secret = fromHex(seed, 32)
      // With a key that opens nothing, an emergency would be declared for nothing.
      const patient = await patientOf(chain, { pseudonym: ask.opening.pseudonym })
      const named = patient ? await officersOf(chain, { institution: patient.provider }) : []
      const own = publicKeyOf(secret)
      if (!named.some(({ publicKey }) => sameBytes(fromHex(publicKey), own))) throw new OfficerKeyError()
      const signing = await chainAs(account)
      if (!window) await breakGlass({ chain: signing, ask })
      await reread()
      return encodeGlassParts(await handOnParts({ chain: signing, ask, seed: secret }))
    },
  })
  return { look, agree, now: chain.clock() }
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((value, at) => value === b[at])
