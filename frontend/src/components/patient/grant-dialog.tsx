'use client'

import type { ReactElement } from 'react'
import { useMail } from '@/hooks/useMail.ts'
import { type GrantDialogProps, GrantForm } from './grant-form.tsx'
import { NamedKinds } from './named-kinds.tsx'

/** Gives access, or changes what stands. One record needs no names of kinds. */
export function GrantDialog(props: GrantDialogProps): ReactElement {
  const { place, record, changes, onClose } = props
  const { mail } = useMail(place)
  if (record) return <GrantForm {...props} categoryKey={mail?.categoryKey} />
  return (
    <NamedKinds title={changes ? 'Change what you allowed' : 'Give access'} place={place} onClose={onClose}>
      {(categoryKey) => <GrantForm {...props} categoryKey={categoryKey} />}
    </NamedKinds>
  )
}
