import { BadgeCheck, CircleHelp } from 'lucide-react'
import type { ReactElement } from 'react'

/** A name from the directory, with the mark that says whether it was verified. */
export function PersonName({
  name,
  verified,
  about,
}: {
  name: string
  verified: boolean
  about?: string | undefined
}): ReactElement {
  const Icon = verified ? BadgeCheck : CircleHelp
  return (
    <span className="inline-flex flex-wrap items-center gap-x-1.5">
      <span className="font-semibold">{name}</span>
      <span className={`inline-flex items-center gap-1 text-xs ${verified ? 'text-accent' : 'text-gold'}`}>
        <Icon aria-hidden className="size-4" />
        {verified ? <span className="sr-only">verified by the hospital</span> : 'name not verified'}
      </span>
      {about && <span className="text-sm text-muted">{about}</span>}
    </span>
  )
}
