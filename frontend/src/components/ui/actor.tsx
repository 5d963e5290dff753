'use client'

import type { ReactElement } from 'react'
import type { Hex } from 'viem'
import { useDirectory } from '@/hooks/useDirectory.ts'
import { lower, names, short } from '@/lib/names.ts'
import { PersonName } from './person-name.tsx'

/** Whoever stands behind an account: name, speciality and hospital from the directory. */
export function Actor({ account }: { account: Hex }): ReactElement {
  const { practitioners, organizations, isLoading } = useDirectory()
  const found = practitioners.find((one) => lower(one.account) === lower(account))
  // Nobody's name is doubted before it was looked up.
  if (!found && isLoading) return <span className="font-semibold">Account {short(account)}</span>
  if (!found) return <PersonName name={`Account ${short(account)}`} verified={false} />
  const hospital = organizations.find(({ id }) => id === found.organization)?.name
  return (
    <PersonName
      name={found.name}
      verified={found.verified}
      about={[found.specialty, hospital].filter(Boolean).join(', ')}
    />
  )
}

/** Whoever stands behind a grantee's hashed id. */
export function Grantee({ id }: { id: Hex }): ReactElement {
  // Reading the directory is what fills the book of names.
  useDirectory()
  const account = names.grantees.get(lower(id))
  return account ? <Actor account={account} /> : <PersonName name={`Somebody (${short(id)})`} verified={false} />
}
