'use client'

import { fromHex } from '@sharewell/sdk/bytes'
import { authorizeUploader, type Deposit, depositsOf, providerOf, registrations } from '@sharewell/sdk/chain'
import { type PatientCode, parsePatientCode } from '@sharewell/sdk/person'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { chainAsDevice, deviceOf, knownPatients, register } from '@/lib/desk.ts'
import type { NamedOrganization } from '@/lib/directory.ts'
import { lower, names } from '@/lib/names.ts'
import { useSession } from './useSession.ts'

const days = 30

/** A hospital's desk on this device: its key, its patients, and what it deposited. */
export function useDesk(organization: NamedOrganization) {
  const { chain, network } = useNetwork()
  const { address, person, chainAs } = useSession()
  const queries = useQueryClient()
  const key = ['desk', network.networkId, organization.id] as const

  const device = useQuery({
    queryKey: [...key, 'device'],
    queryFn: async ({ signal }) => {
      const found = await deviceOf(network.networkId, organization.id)
      const provider = await providerOf(chain, { account: found.address }, { signal })
      names.accounts.set(lower(found.address), { text: 'This device', verified: true })
      return { ...found, authorized: lower(provider ?? '') === lower(organization.id) }
    },
  })
  const patients = useQuery({
    queryKey: [...key, 'patients', person?.id],
    queryFn: async () => {
      const known = await knownPatients(network.networkId, organization.id, person)
      for (const { pseudonym, label } of known) names.pseudonyms.set(lower(pseudonym), { text: label, verified: true })
      return known
    },
  })
  const deposits = useQuery({
    queryKey: [...key, 'deposits'],
    refetchInterval: 5000,
    queryFn: async ({ signal }): Promise<Deposit[]> => {
      const registered = await registrations(chain, { provider: organization.id }, { signal })
      const all = await Promise.all(registered.map(({ pseudonym }) => depositsOf(chain, { pseudonym }, { signal })))
      const own = all.flat().filter(({ author }) => lower(author) === lower(organization.id))
      return own.sort((a, b) => b.time - a.time)
    },
  })
  const authorizing = useMutation({
    mutationFn: async () => {
      if (!address || !device.data) return
      const until = chain.clock() + days * 86_400
      await authorizeUploader(await chainAs(address), { key: device.data.address, until })
    },
    onSuccess: async () => await queries.invalidateQueries({ queryKey: key }),
  })
  const registering = useMutation({
    mutationFn: async ({ code, label }: { code: PatientCode; label: string }) => {
      if (!device.data) return undefined
      return await register(chainAsDevice(chain, device.data), code, label)
    },
    onSuccess: async () => await queries.invalidateQueries({ queryKey: key }),
  })
  const readCode = (text: string): PatientCode =>
    parsePatientCode(text, { networkId: fromHex(network.networkId), providerId: fromHex(organization.id) })
  return {
    device: device.data,
    patients: patients.data ?? [],
    deposits,
    authorizing,
    registering,
    readCode,
    error: device.error ?? patients.error,
  }
}

/** What a part of the desk's page is given. */
export type DeskProps = { desk: ReturnType<typeof useDesk> }
