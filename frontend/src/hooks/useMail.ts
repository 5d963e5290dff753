'use client'

import { purposes } from '@sharewell/sdk/chain'
import { readPass } from '@sharewell/sdk/flow/key-nodes'
import { useQuery } from '@tanstack/react-query'
import { type Mail, readMail } from '@/lib/mail.ts'
import { lower, names } from '@/lib/names.ts'
import type { Place } from './usePlaces.ts'
import { useSignAt } from './useSignAt.ts'

/** The place's mailbox at the key nodes. It opens when the patient asks for it, with a ticket that the wallet signs. */
export function useMail(place: Place) {
  const signAt = useSignAt()
  const { data, error, isFetching, refetch } = useQuery<Mail>({
    queryKey: ['mail', place.pseudonym],
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: async ({ signal }) => {
      const chain = await signAt(place)
      const { providerId, pseudonym, keys } = place
      const pass = await readPass(chain, { pseudonym, purpose: purposes.indexOf('PATRQT') })
      const mail = await readMail(chain, { pass, seed: keys.self.seed, providerId }, signal)
      if (mail.categories) names.categories.set(lower(pseudonym), mail.categories.ofMask)
      return mail
    },
  })
  return { mail: data, error, isFetching, reread: refetch }
}
