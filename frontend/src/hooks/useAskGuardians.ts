'use client'

import { fromHex, toHex } from '@sharewell/sdk/bytes'
import { guardiansOf, noGuardians, proposeRecovery, relayRecovery } from '@sharewell/sdk/chain'
import { answersRequest, approvalOf, guardianRequests } from '@sharewell/sdk/flow/recovery'
import { type GuardianRequest, guardianApproval, guardianCode, guardianRequest } from '@sharewell/sdk/person'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNetwork } from '@/components/shell/network-context.tsx'
import type { RotationNote } from '@/lib/recovery-note.ts'
import type { Place } from './usePlaces.ts'
import { useRecoveryNote } from './useRecoveryNote.ts'
import { useSignAt } from './useSignAt.ts'
import { useVault } from './useVault.ts'

const nothing: RotationNote = { requests: [], approvals: [] }

/** Thrown where an answer belongs to no request of this device. */
class OtherAnswerError extends Error {
  override readonly name = 'OtherAnswerError'
  readonly code = 'OTHER_ANSWER'
}

/** Asks guardians for one place, collects what they sign, and proposes it once enough did. It survives a reload. */
export function useAskGuardians(place: Place) {
  const { pseudonym, own } = place
  const { network, chain } = useNetwork()
  const { open } = useVault()
  const { note, change } = useRecoveryNote()
  const signAt = useSignAt()
  const queries = useQueryClient()
  const id = { networkId: fromHex(network.networkId, 32) }
  const kept = note?.rotations[pseudonym] ?? nothing
  const keep = (next: (before: RotationNote) => RotationNote) =>
    change((all) => ({
      ...all,
      rotations: { ...all.rotations, [pseudonym]: next(all.rotations[pseudonym] ?? nothing) },
    }))
  const read = (texts: readonly string[]): GuardianRequest[] => texts.map((text) => guardianRequest.read(text, id))

  const ask = useMutation({
    mutationFn: async (code: string) => {
      if (!open) throw new Error('The vault is closed.')
      const { key } = guardianCode.read(code, id)
      const standing = await stillCounts(read(kept.requests))
      const [request] = await guardianRequests(chain, open.vault, {
        pseudonym,
        to: own.address,
        guardianKeys: [key],
        deadline: standing[0]?.deadline,
      })
      if (!request) return
      const others = standing.filter(({ place: at }) => at !== request.place)
      const requests = [...others, request].map((one) => guardianRequest.write(one))
      await keep(({ approvals }) => ({ requests, approvals: standing.length > 0 ? approvals : [] }))
    },
  })
  const answer = useMutation({
    mutationFn: async (text: string) => {
      if (!open) throw new Error('The vault is closed.')
      const approval = guardianApproval.read(text, id)
      const request = read(kept.requests).find(({ place: at }) => at === approval.place)
      if (!request || !(await answersRequest(chain, open.vault, { request, approval }))) throw new OtherAnswerError()
      await keep((before) => ({ ...before, approvals: [...new Set([...before.approvals, text.trim()])] }))
    },
  })
  const propose = useMutation({
    mutationFn: async () => {
      const [first] = read(kept.requests)
      const circle = (await guardiansOf(chain, { pseudonym })) ?? noGuardians
      const approvals = kept.approvals.map((text) => approvalOf(guardianApproval.read(text, id)))
      const proposal = { pseudonym, to: own.address, deadline: first?.deadline ?? 0, circle, approvals }
      if (network.relayerUrls.length > 0) await relayRecovery(chain, proposal)
      else await proposeRecovery(await signAt({ controller: own.address, privateKey: own.privateKey }), proposal)
      await keep(() => nothing)
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['rotation', pseudonym] }),
  })

  /** Requests of this round that have not run out: what was signed for an older one counts no more. */
  async function stillCounts(requests: readonly GuardianRequest[]): Promise<readonly GuardianRequest[]> {
    if (!open || requests.length === 0) return []
    const [key] = requests.map(({ guardianKey }) => guardianKey)
    const [now] = await guardianRequests(chain, open.vault, {
      pseudonym,
      to: own.address,
      guardianKeys: key ? [key] : [],
    })
    return requests.filter(
      ({ round, deadline, to }) =>
        round === now?.round && deadline > chain.clock() && toHex(to) === toHex(now?.to ?? to),
    )
  }
  return { kept, ask, answer, propose }
}
