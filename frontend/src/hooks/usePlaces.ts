'use client'

import { fromHex, toHex } from '@sharewell/sdk/bytes'
import { patientOf } from '@sharewell/sdk/chain'
import { accountAt, type PlaceKeys, type Profile, placeKeys, type Vault } from '@sharewell/sdk/person'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { Hex } from 'viem'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { lower, names } from '@/lib/names.ts'
import { useDirectory } from './useDirectory.ts'

/** A hospital at which the patient is known: under which code, decided by which account. */
export type Place = {
  readonly providerId: Hex
  readonly name: string
  readonly verified: boolean
  /** Who decides now: the account with which the patient came, or one that a recovery put in its place. */
  readonly controller: Hex
  /** Of the controller, where the account is the vault's own and no wallet holds it. */
  readonly privateKey?: Hex | undefined
  readonly pseudonym: Hex
  readonly keys: PlaceKeys
  /** The account of the vault for this place, to which guardians can give it back. */
  readonly own: { readonly address: Hex; readonly privateKey: Hex }
  /** The code stands on the chain; before that the hospital has not registered it. */
  readonly registered: boolean
}

/** The places of an open vault, those where records may be first. */
export function usePlaces(vault: Vault | undefined): { readonly places: readonly Place[]; readonly error: unknown } {
  const { chain } = useNetwork()
  const { organizations, isLoading } = useDirectory()
  const known = vault?.profiles.map(({ providerId, controller, gen }) => [toHex(providerId), controller, gen].join())
  const { data, error } = useQuery({
    queryKey: ['places', chain.network.networkId, known],
    enabled: !!vault,
    refetchInterval: 5000,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) =>
      await Promise.all(
        (vault?.profiles ?? []).map(async ({ providerId, controller, gen, derived }) => {
          const keys = placeKeys(vault as Vault, { providerId, gen }, controller)
          const own = accountAt(vault as Vault, { providerId, gen })
          const [pseudonym, id] = [toHex(keys.pseudonym), toHex(providerId)]
          const patient = await patientOf(chain, { pseudonym }, { signal })
          const decides = lower(patient?.controller ?? controller)
          const mine = decides === lower(own.address) && (derived || !!patient)
          const privateKey = mine ? own.privateKey : undefined
          return { providerId: id, controller: decides, privateKey, pseudonym, keys, own, registered: !!patient }
        }),
      ),
  })
  const places = (data ?? []).map((place): Place => {
    const organization = organizations.find((one) => lower(one.id) === lower(place.providerId))
    const name = organization?.name ?? (isLoading ? 'Your hospital' : 'A hospital without a name')
    names.pseudonyms.set(lower(place.pseudonym), { text: `your code at ${name}`, verified: true })
    return { ...place, name, verified: organization?.verified ?? false }
  })
  return { places: places.toSorted((a, b) => Number(b.registered) - Number(a.registered)), error }
}

/** A place that the vault does not know yet, under an account of the wallet; without one, under an account of its own. */
export function newProfile(vault: Vault, providerId: Hex, controller: Hex | undefined): Profile {
  const place = { providerId: fromHex(providerId), gen: 0 }
  return { ...place, controller: controller ?? accountAt(vault, place).address, derived: !controller }
}
