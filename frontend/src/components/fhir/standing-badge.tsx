import { ArrowDown, ArrowUp } from 'lucide-react'
import type { ReactNode } from 'react'
import { Badge } from '@/components/ui/note.tsx'
import type { standing as standingOf } from '@/lib/lab-references.ts'

/** Below, above or within the usual values: by a word and an arrow, never by colour alone. */
export function StandingBadge({ standing }: { standing: ReturnType<typeof standingOf> }): ReactNode {
  if (standing === undefined) return null
  if (standing === 'usual') return <Badge tone="good">usual</Badge>
  const Arrow = standing === 'low' ? ArrowDown : ArrowUp
  return (
    <Badge tone="warn">
      <Arrow aria-hidden className="size-3" />
      {standing}
    </Badge>
  )
}
