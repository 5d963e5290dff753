'use client'

import { UsersRound } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { useState } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { SelectField } from '@/components/ui/field.tsx'
import { type ActingFor, useActingFor } from '@/hooks/useDelegates.ts'
import { moment } from '@/lib/format.ts'
import { short } from '@/lib/names.ts'
import { ActingView } from './acting-view.tsx'

const idOf = ({ pseudonym, account }: ActingFor): string => `${pseudonym}${account}`

/** Lets somebody act for another person; while they do, nothing of their own is on the page. */
export function ActingSwitch({ children }: { children: ReactNode }): ReactElement {
  const all = useActingFor()
  const [chosen, setChosen] = useState('')
  // What was ended meanwhile is gone, and the own page is back.
  const acting = all.find((one) => idOf(one) === chosen)
  if (all.length === 0) return <>{children}</>
  return (
    <div className="grid gap-5">
      {acting ? (
        <ActingBanner acting={acting} onLeave={() => setChosen('')} />
      ) : (
        <SelectField
          label="I act for"
          hint="Somebody lets you act for them."
          value=""
          onChange={({ target }) => setChosen(target.value)}
        >
          <option value="">myself</option>
          {all.map((one) => (
            <option key={idOf(one)} value={idOf(one)}>
              the patient {short(one.pseudonym)}
            </option>
          ))}
        </SelectField>
      )}
      {acting ? <ActingView key={chosen} acting={acting} /> : children}
    </div>
  )
}

/** Whose page this is, and the way back. */
function ActingBanner({ acting, onLeave }: { acting: ActingFor; onLeave: () => void }): ReactElement {
  return (
    <section
      aria-label="You act for somebody else"
      className="flex flex-wrap items-center justify-between gap-3 rounded-xl border-2 border-gold bg-gold-soft p-4"
    >
      <p role="status" className="flex min-w-0 items-start gap-3 font-semibold">
        <UsersRound aria-hidden className="mt-0.5 size-5 shrink-0 text-gold" />
        <span className="min-w-0">
          You act for the patient {short(acting.pseudonym)}, not for yourself
          <span className="block text-sm font-normal">They let you until {moment(acting.until)}.</span>
        </span>
      </p>
      <Button kind="secondary" onClick={onLeave}>
        Act for myself again
      </Button>
    </section>
  )
}
