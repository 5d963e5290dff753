'use client'

import { glassStateOf, officersOf, windowIdOf } from '@sharewell/sdk/chain'
import { askForGlass, openGlassPart, parseGlassParts } from '@sharewell/sdk/flow'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Hex } from 'viem'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { forget, type KeptEmergency, keep, kept } from '@/lib/device-store.ts'
import { lower } from '@/lib/names.ts'
import { breakGlassPurpose } from '@/lib/purposes.ts'
import { useRetrieve } from './useRetrieve.ts'
import { useSession } from './useSession.ts'
import { useWindows } from './useWindows.ts'

export type EmergencyOptions = {
  readonly pseudonym: Hex
  /** The clinician's, and the affiliation that says so. */
  readonly account: Hex
  readonly credentialId: Hex
  /** Who keeps the patient. */
  readonly provider: Hex
}

/** A clinician's side of one patient's emergency: asking, waiting for the officer, reading, closing. */
export function useEmergency({ pseudonym, account, credentialId, provider }: EmergencyOptions) {
  const { chain, network } = useNetwork()
  const { chainAs } = useSession()
  const queries = useQueryClient()
  const run = useRetrieve()
  const { windows, close, reread, now } = useWindows({ pseudonym })
  const place = [network.networkId, account, pseudonym] as const
  const queryKey = ['emergency', ...place]
  const { data: held } = useQuery({
    queryKey,
    queryFn: async (): Promise<KeptEmergency | null> => (await kept('emergencies', ...place)) ?? null,
  })
  const { data: officers = [] } = useQuery({
    queryKey: ['officers', provider],
    queryFn: async ({ signal }) => {
      const named = await officersOf(chain, { institution: provider }, { signal })
      return named.map((one) => one.account).filter((one) => lower(one) !== lower(account))
    },
  })
  const hold = async (value: KeptEmergency): Promise<void> => {
    await keep('emergencies', value, ...place)
    await queries.invalidateQueries({ queryKey })
  }

  const windowId = held ? windowIdOf(chain, held.ask.opening) : undefined
  const own = windows.filter(({ clinician }) => lower(clinician) === lower(account))
  const current = windowId
    ? own.find((one) => lower(one.windowId) === lower(windowId))
    : own.find((one) => glassStateOf(one, now) === 'open')

  const ask = useMutation({
    mutationFn: async ({ reason, guardian }: { reason: string; guardian: Hex | undefined }) =>
      await hold(await askForGlass({ chain: await chainAs(account), pseudonym, credentialId, guardian, reason })),
  })
  const leave = useMutation({
    mutationFn: async () => {
      run.reset()
      await forget('emergencies', ...place)
      await queries.invalidateQueries({ queryKey })
      await reread()
    },
  })
  const open = useMutation({
    mutationFn: async (text: string | undefined) => {
      if (!held) return
      const parts = text === undefined ? held.parts : parseGlassParts(text)
      const recordId = parts?.parts[0]?.recordId
      if (!parts || !recordId) return
      // What belongs to another emergency is refused here, and not kept.
      const officersPart = await openGlassPart(parts, { recordId, partSeed: held.partSeed })
      await hold({ ...held, parts })
      const as = { kind: 'reader', purpose: breakGlassPurpose, credentialId, officersPart } as const
      void run.open(chainAs(account), recordId, as)
    },
  })
  return { held: held ?? undefined, officers, current, ask, leave, open, close, run, now }
}

/** What {@link useEmergency} gives. */
export type Emergency = ReturnType<typeof useEmergency>
