'use client'

import { type Chain, signMessage, type Ticket } from '@sharewell/sdk/chain'
import { useQuery } from '@tanstack/react-query'
import type { Hex } from 'viem'
import { type Mail, readMail } from '@/lib/mail.ts'
import { lower, names } from '@/lib/names.ts'
import type { Place } from './usePlaces.ts'
import { useSession } from './useSession.ts'

/** The place's mailbox at the key nodes. It opens when the patient asks for it, with a ticket that the wallet signs. */
export function useMail(place: Place) {
  const { chainAs } = useSession()
  const { data, error, isFetching, refetch } = useQuery<Mail>({
    queryKey: ['mail', place.pseudonym],
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: async ({ signal }) => {
      const chain = await chainAs(place.controller)
      const { providerId, pseudonym, keys } = place
      const mail = await readMail(
        chain,
        { ticket: await ticketFor(chain, place), seed: keys.self.seed, providerId },
        signal,
      )
      if (mail.categories) names.categories.set(lower(pseudonym), mail.categories.ofMask)
      return mail
    },
  })
  return { mail: data, error, isFetching, reread: refetch }
}

const patientRequest = 6
const lifetime = 600
const tickets = new Map<Hex, Ticket<'ReadTicket'>>()

/** A ticket signed once serves for its ten minutes. */
async function ticketFor(chain: Chain, { pseudonym, controller }: Place): Promise<Ticket<'ReadTicket'>> {
  const known = tickets.get(pseudonym)
  if (known && known.message.notAfter > chain.clock() + 60) return known
  const message = { reader: controller, pseudonym, purpose: patientRequest, notAfter: chain.clock() + lifetime }
  const ticket = { kind: 'ReadTicket', message, signature: await signMessage(chain, 'ReadTicket', message) } as const
  tickets.set(pseudonym, ticket)
  return ticket
}
