'use client'

import {
  type Carried,
  type Chain,
  type ConsentAct,
  RelayerError,
  relay,
  type SignedConsent,
  signConsent,
  submitConsent,
} from '@sharewell/sdk/chain'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { NotCarriedError } from '@/lib/not-carried.ts'
import type { Place } from './usePlaces.ts'
import { useSignAt } from './useSignAt.ts'

/** What a patient decides; about whom is said by where the decision stands. */
export type Act = ConsentAct extends infer act ? (act extends unknown ? Omit<act, 'pseudonym'> : never) : never

type Attempt = {
  /** What is to be signed, or what was signed before and nobody carried. */
  readonly say: Act | SignedConsent
  readonly way: 'relayer' | 'own'
  readonly onDone?: ((carried: Carried) => void) | undefined
}

/** A decision of the patient at one place: signed by the wallet, sent on by a relayer. */
export type Decision = {
  readonly decide: (act: Act, onDone?: (carried: Carried) => void) => void
  /** Sends what was signed once more, by a relayer or in a transaction of the own account; absent where nothing waits. */
  readonly again?: ((way: Attempt['way']) => void) | undefined
  readonly busy: boolean
  readonly error: unknown
}

/** Lets the patient decide. Once a decision is in a block, everything shown about the place is read again. */
export function useDecision({ pseudonym, controller, privateKey }: Place): Decision {
  const signAt = useSignAt()
  const queries = useQueryClient()
  const { mutate, isPending, error, variables } = useMutation({
    mutationFn: async ({ say, way }: Attempt): Promise<Carried> => {
      const chain = await signAt({ controller, privateKey })
      const signed = 'signature' in say ? say : await signConsent(chain, { ...say, pseudonym } as ConsentAct)
      return way === 'own' ? await submitConsent(chain, signed) : await handOver(chain, signed)
    },
    onSuccess: async (carried, { onDone }) => {
      await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes(pseudonym) })
      onDone?.(carried)
    },
  })
  const waiting = waitingIn(error, variables)
  return {
    decide: (act, onDone) => mutate({ say: act, way: 'relayer', onDone }),
    again: waiting && ((way) => mutate({ say: waiting, way, onDone: variables?.onDone })),
    busy: isPending,
    error,
  }
}

/** What was signed and is still to be sent; also after sending it oneself did not work. */
function waitingIn(error: unknown, attempt: Attempt | undefined): SignedConsent | undefined {
  if (error instanceof NotCarriedError) return error.signed
  return error && attempt?.way === 'own' && 'signature' in attempt.say ? attempt.say : undefined
}

async function handOver(chain: Chain, signed: SignedConsent): Promise<Carried> {
  try {
    return await relay(chain, signed)
  } catch (error) {
    throw error instanceof RelayerError ? new NotCarriedError(signed, error) : error
  }
}
