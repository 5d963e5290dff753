'use client'

import {
  type Carried,
  type Chain,
  type ConsentAct,
  type DelegationAct,
  RelayerError,
  relay,
  relayDelegation,
  type SignedConsent,
  type SignedDelegation,
  signConsent,
  signDelegation,
  submitConsent,
  submitDelegation,
} from '@sharewell/sdk/chain'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { NotCarriedError, type SignedDecision } from '@/lib/not-carried.ts'
import type { Place } from './usePlaces.ts'
import { useSignAt } from './useSignAt.ts'

/** What a patient decides; about whom is said by where the decision stands. */
export type Act = About<ConsentAct | DelegationAct>
type About<act> = act extends unknown ? Omit<act, 'pseudonym'> : never

type Attempt = {
  /** What is to be signed, or what was signed before and nobody carried. */
  readonly say: Act | SignedDecision
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
      const signed = 'signature' in say ? say : await sign(chain, { ...say, pseudonym } as ConsentAct | DelegationAct)
      return way === 'own' ? await submit(chain, signed) : await handOver(chain, signed)
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
function waitingIn(error: unknown, attempt: Attempt | undefined): SignedDecision | undefined {
  if (error instanceof NotCarriedError) return error.signed
  return error && attempt?.way === 'own' && 'signature' in attempt.say ? attempt.say : undefined
}

const isDelegation = (one: { readonly kind: string }): boolean => ['Delegate', 'EndDelegation'].includes(one.kind)

const sign = async (chain: Chain, act: ConsentAct | DelegationAct): Promise<SignedDecision> =>
  isDelegation(act) ? await signDelegation(chain, act as DelegationAct) : await signConsent(chain, act as ConsentAct)

const submit = async (chain: Chain, signed: SignedDecision): Promise<Carried> =>
  isDelegation(signed)
    ? await submitDelegation(chain, signed as SignedDelegation)
    : await submitConsent(chain, signed as SignedConsent)

async function handOver(chain: Chain, signed: SignedDecision): Promise<Carried> {
  try {
    return isDelegation(signed)
      ? await relayDelegation(chain, signed as SignedDelegation)
      : await relay(chain, signed as SignedConsent)
  } catch (error) {
    throw error instanceof RelayerError ? new NotCarriedError(signed, error) : error
  }
}
