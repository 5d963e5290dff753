'use client'

import { EyeOff } from 'lucide-react'
import type { ReactElement } from 'react'
import type { Hex } from 'viem'
import { useDirectory } from '@/hooks/useDirectory.ts'
import { everyRole } from '@/lib/grantees.ts'
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

/** An organization, by its name from the directory. */
function Team({ organization, role }: { organization: Hex; role?: number | undefined }): ReactElement {
  const { organizations } = useDirectory()
  const found = organizations.find(({ id }) => lower(id) === lower(organization))
  const who = role === undefined ? 'everyone' : everyRole(role)
  return (
    <>
      {who.slice(0, 1).toUpperCase() + who.slice(1)} at{' '}
      <PersonName name={found?.name ?? `organization ${short(organization)}`} verified={found?.verified ?? false} />
    </>
  )
}

/** Whoever stands behind a grantee's hashed id. */
export function Grantee({ id }: { id: Hex }): ReactElement {
  // Reading the directory is what fills the book of names.
  const { isLoading } = useDirectory()
  const grantee = names.grantees.get(lower(id))
  if (!grantee && isLoading) return <span className="font-semibold">Somebody</span>
  if (!grantee)
    return (
      <span className="inline-flex flex-wrap items-center gap-x-2">
        <span className="font-semibold">Somebody kept private</span>
        <span className="text-xs text-muted">the device on which you gave this has the receipt ({short(id)})</span>
      </span>
    )
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      {grantee.kind === 'person' ? (
        <Actor account={grantee.account} />
      ) : (
        <span>
          <Team organization={grantee.organization} role={grantee.kind === 'role' ? grantee.role : undefined} />
        </span>
      )}
      {grantee.hidden && (
        <span className="inline-flex items-center gap-1 text-xs text-muted">
          <EyeOff aria-hidden className="size-3.5" />
          not shown in the public ledger
        </span>
      )}
    </span>
  )
}
