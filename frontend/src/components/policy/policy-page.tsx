'use client'

import type { ReactElement } from 'react'
import { Problem } from '@/components/ui/problem.tsx'
import { useChosenPolicy } from '@/hooks/useChosenPolicy.ts'
import { useNodes } from '@/hooks/useNodes.ts'
import { PolicyView } from './policy-view.tsx'

/** Choosing n, t and r on this network. */
export function PolicyPage(): ReactElement {
  const { data } = useNodes()
  const { chosen, isLoading, use, undo, error } = useChosenPolicy()
  const counts = new Map<string, number>()
  for (const { kind, active, organization } of data?.nodes ?? [])
    if (kind === 'storage' && active) counts.set(organization, (counts.get(organization) ?? 0) + 1)
  return (
    <div className="grid gap-5">
      {error !== undefined && <Problem error={error} />}
      {!isLoading && <PolicyView operators={data && [...counts.values()]} chosen={chosen} onUse={use} onUndo={undo} />}
    </div>
  )
}
