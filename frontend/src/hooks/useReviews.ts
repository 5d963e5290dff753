'use client'

import { type Credential, type GlassWindow, patientOf, reviewGlass, type Verdict } from '@sharewell/sdk/chain'
import { checkAsk, commitmentTo, parseGlassAsk } from '@sharewell/sdk/flow'
import { randomBytes } from '@sharewell/sdk/primitives'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type Hex, toHex } from 'viem'
import { useNetwork } from '@/components/shell/network-context.tsx'
import type { NamedOrganization } from '@/lib/directory.ts'
import { OtherEmergencyError } from '@/lib/emergency-errors.ts'
import { lower } from '@/lib/names.ts'
import { useDirectory } from './useDirectory.ts'
import { useSession } from './useSession.ts'
import { useWindows } from './useWindows.ts'

/** What a reviewer found, with what opens its fingerprint on the public ledger. */
export type Finding = {
  readonly windowId: Hex
  readonly verdict: Verdict
  readonly finding: string
  readonly salt: Hex
}

/** A reviewer's side: the emergencies that are theirs to look at, and what they find. */
export function useReviews(account: Hex, credential: Credential) {
  const { chain } = useNetwork()
  const { chainAs } = useSession()
  const { organizations } = useDirectory()
  const { windows, error, reread, now } = useWindows()
  const path = pathOf(organizations, credential.organization)
  const theirs = useQuery({
    queryKey: ['mine to review', path, windows.map(({ windowId }) => windowId)],
    enabled: path.length > 0,
    queryFn: async ({ signal }) => {
      const found = windows.map(async ({ windowId, pseudonym, institution }) => {
        const keeps = (await patientOf(chain, { pseudonym }, { signal }))?.provider
        return [institution, keeps].some((one) => one && path.includes(lower(one))) ? [windowId] : []
      })
      return (await Promise.all(found)).flat()
    },
  })
  const mine = windows.filter(
    ({ windowId, clinician, guardian }) =>
      theirs.data?.includes(windowId) && ![clinician, guardian].some((one) => lower(one) === lower(account)),
  )
  const send = useMutation({
    mutationFn: async ({ windowId, verdict, finding }: Omit<Finding, 'salt'>): Promise<Finding> => {
      const salt = toHex(randomBytes(32))
      const findingCommit = commitmentTo({ salt, text: finding })
      await reviewGlass(await chainAs(account), { windowId, credentialId: credential.id, verdict, findingCommit })
      await reread()
      return { windowId, verdict, finding, salt }
    },
  })
  const readReason = useMutation({
    mutationFn: async ({ window, text }: { window: GlassWindow; text: string }): Promise<string> => {
      const ask = parseGlassAsk(text)
      if (lower(await checkAsk(chain, ask)) !== lower(window.windowId)) throw new OtherEmergencyError()
      return ask.reason
    },
  })
  return { mine, error: error ?? theirs.error, send, readReason, now }
}

/** An organization and those above it. */
function pathOf(organizations: readonly NamedOrganization[], from: Hex): readonly Hex[] {
  const path: Hex[] = []
  for (let at: Hex | undefined = lower(from); at && !path.includes(at); ) {
    const found = organizations.find(({ id }) => lower(id) === at)
    if (found) path.push(at)
    at = found?.parent && lower(found.parent)
  }
  return path
}
