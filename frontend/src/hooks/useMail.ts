'use client'

import type { Bytes } from '@sharewell/sdk/bytes'
import { type Chain, providerOf, signMessage, type Ticket } from '@sharewell/sdk/chain'
import { useQuery } from '@tanstack/react-query'
import type { Hex } from 'viem'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { type CategoryNames, categoryNames } from '@/lib/categories.ts'
import { type Mail, readMail } from '@/lib/mailbox.ts'
import { lower, names } from '@/lib/names.ts'
import type { Place } from './usePlaces.ts'
import { useSession } from './useSession.ts'

/** A place's mailbox, opened: notes by hash, and the names of the categories. */
export type OpenMail = Pick<Mail, 'notes'> & {
  readonly categoryKey?: Bytes | undefined
  readonly categories?: CategoryNames | undefined
}

const patientRequest = 6

/** The mailbox of a place. It opens with the patient's signature, once, and is read again from time to time. */
export function useMail(place: Place) {
  const { chain } = useNetwork()
  const { chainAs } = useSession()
  const { data, error, isFetching, refetch } = useQuery<OpenMail>({
    queryKey: ['mail', place.pseudonym],
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: async ({ signal }) => {
      const signing = await chainAs(place.controller)
      const ticket = await ticketFor(signing, place)
      const mail = await readMail(signing, ticket, place.keys.self.seed, signal)
      return await trusted(chain, place, mail)
    },
  })
  const open = async (): Promise<OpenMail | undefined> => data ?? (await refetch()).data
  return { mail: data, error, isFetching, open, reread: refetch }
}

const tickets = new Map<Hex, Ticket<'ReadTicket'>>()

/** A ticket signed once serves for its ten minutes. */
async function ticketFor(chain: Chain, { pseudonym, controller }: Place): Promise<Ticket<'ReadTicket'>> {
  const known = tickets.get(pseudonym)
  if (known && known.message.notAfter > chain.clock() + 60) return known
  const message = { reader: controller, pseudonym, purpose: patientRequest, notAfter: chain.clock() + 600 }
  const ticket = { kind: 'ReadTicket', message, signature: await signMessage(chain, 'ReadTicket', message) } as const
  tickets.set(pseudonym, ticket)
  return ticket
}

/** Anyone can leave a capsule; a category key counts only from the provider itself. */
async function trusted(
  chain: Chain,
  { pseudonym, providerId }: Place,
  { notes, categoryKeys }: Mail,
): Promise<OpenMail> {
  for (const { key, from } of categoryKeys) {
    const provider = await providerOf(chain, { account: from })
    if (provider === undefined || lower(provider) !== lower(providerId)) continue
    const categories = categoryNames(key)
    names.categories.set(lower(pseudonym), categories.ofMask)
    return { notes, categoryKey: key, categories }
  }
  return { notes }
}
