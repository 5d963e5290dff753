'use client'

import { MonitorSmartphone } from 'lucide-react'
import type { ReactElement } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Note, Waiting } from '@/components/ui/note.tsx'
import { PersonName } from '@/components/ui/person-name.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { ConnectFirst } from '@/components/wallet/connect-first.tsx'
import { type DeskProps, useDesk } from '@/hooks/useDesk.ts'
import { useDirectory } from '@/hooks/useDirectory.ts'
import { useSession } from '@/hooks/useSession.ts'
import type { NamedOrganization } from '@/lib/directory.ts'
import { lower } from '@/lib/names.ts'
import { DepositCard } from './deposit-card.tsx'
import { Deposits } from './deposits.tsx'
import { RegisterCard } from './register-card.tsx'
import { RekeyDuty } from './rekey-duty.tsx'

/** The hospital's page: its account, this device's key, then patients and deposits. */
export function HospitalPage(): ReactElement {
  const { addresses, address } = useSession()
  const { organizations, isLoading, error } = useDirectory()
  if (!address) return <ConnectFirst who="a hospital" />
  if (error) return <Problem error={error} />
  if (isLoading) return <Waiting>Reading the directory…</Waiting>
  const organization = organizations.find(
    ({ account, isProvider }) => isProvider && addresses.some((one) => lower(one) === lower(account)),
  )
  if (!organization)
    return (
      <Note tone="warn" title="This account speaks for no hospital">
        Connect the account under which your hospital, laboratory or pharmacy is registered on this network.
      </Note>
    )
  return <Desk key={organization.id} organization={organization} />
}

function Desk({ organization }: { organization: NamedOrganization }): ReactElement {
  const desk = useDesk(organization)
  const { device, error } = desk
  if (error) return <Problem error={error} />
  if (!device) return <Waiting>Looking for this device’s key…</Waiting>
  return (
    <div className="grid gap-5">
      <p className="text-lg">
        <PersonName name={organization.name} verified={organization.verified} />
      </p>
      {device.authorized ? (
        <>
          <div className="grid items-start gap-5 lg:grid-cols-2">
            <RegisterCard desk={desk} />
            <DepositCard desk={desk} />
          </div>
          <RekeyDuty desk={desk} />
          <Deposits desk={desk} />
        </>
      ) : (
        <AuthorizeDevice desk={desk} />
      )}
    </div>
  )
}

function AuthorizeDevice({ desk: { authorizing } }: DeskProps): ReactElement {
  return (
    <Card
      title="Let this device deposit"
      className="max-w-2xl"
      hint="Once for 30 days, so that your wallet need not sign each record."
    >
      <div className="grid gap-4">
        <p>
          A key that was made on this device and stays on it may then register patients and add records for you. It can
          open nothing, and you can end it at any time.
        </p>
        {authorizing.error && <Problem error={authorizing.error} />}
        <div>
          <Button busy={authorizing.isPending} onClick={() => authorizing.mutate()}>
            <MonitorSmartphone aria-hidden className="size-4" />
            Authorize this device
          </Button>
        </div>
      </div>
    </Card>
  )
}
