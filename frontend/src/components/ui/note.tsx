import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'

const tones = {
  info: { box: 'bg-info-soft text-ink border-info/40', icon: Info, ink: 'text-info' },
  good: { box: 'bg-accent-soft text-ink border-accent/40', icon: CircleCheck, ink: 'text-accent' },
  warn: { box: 'bg-gold-soft text-ink border-gold/40', icon: TriangleAlert, ink: 'text-gold' },
  bad: { box: 'bg-danger-soft text-ink border-danger/40', icon: CircleAlert, ink: 'text-danger' },
} as const

export type Tone = keyof typeof tones

/** Something to know before going on. `live` reads it out when it appears. */
export function Note({ tone = 'info', title, children, action, live = false }: NoteProps): ReactElement {
  const { box, icon: Icon, ink } = tones[tone]
  const role = live ? (tone === 'bad' ? 'alert' : 'status') : undefined
  return (
    <div role={role} className={`flex gap-3 rounded-xl border p-3.5 text-[0.95rem] ${box}`}>
      <Icon aria-hidden className={`mt-0.5 size-5 shrink-0 ${ink}`} />
      <div className="min-w-0 flex-1">
        {title && <p className="font-semibold">{title}</p>}
        {children}
        {action && <div className="mt-2.5 flex flex-wrap gap-2">{action}</div>}
      </div>
    </div>
  )
}

export type NoteProps = {
  tone?: Tone
  title?: ReactNode
  children?: ReactNode
  action?: ReactNode
  live?: boolean
}

const badges = {
  plain: 'bg-sunken text-ink',
  info: 'bg-info-soft text-info',
  good: 'bg-accent-soft text-accent',
  warn: 'bg-gold-soft text-gold',
  bad: 'bg-danger-soft text-danger',
} as const

/** A state in a word or two. */
export function Badge({ tone = 'plain', children }: { tone?: keyof typeof badges; children: ReactNode }): ReactElement {
  return (
    <span className={`inline-flex items-center gap-1 rounded-full px-2.5 py-0.5 text-xs font-semibold ${badges[tone]}`}>
      {children}
    </span>
  )
}

/** What stands where a list is still empty. */
export function Empty({ title, children }: { title: ReactNode; children?: ReactNode }): ReactElement {
  return (
    <div className="rounded-xl border border-dashed border-edge/60 px-5 py-8 text-center">
      <p className="font-medium">{title}</p>
      {children && <div className="mx-auto mt-1 max-w-md text-sm text-muted">{children}</div>}
    </div>
  )
}

/** Holds the place of what is being read. */
export function Waiting({ children }: { children: ReactNode }): ReactElement {
  return (
    <p role="status" className="flex items-center gap-3 py-4 text-muted">
      <span aria-hidden className="size-2.5 animate-breathe rounded-full bg-accent" />
      {children}
    </p>
  )
}
