'use client'

import { KeyRound, LifeBuoy } from 'lucide-react'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { LostPhone } from '@/components/recovery/lost-phone.tsx'
import { RestoreDialog } from '@/components/recovery/restore-dialog.tsx'
import { RotationNotice } from '@/components/recovery/rotation-notice.tsx'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Waiting } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { type Tab, Tabs } from '@/components/ui/tabs.tsx'
import { ConnectFirst } from '@/components/wallet/connect-first.tsx'
import { usePlaces } from '@/hooks/usePlaces.ts'
import { useSession } from '@/hooks/useSession.ts'
import { useVault } from '@/hooks/useVault.ts'
import { ActingSwitch } from './acting-switch.tsx'
import { AddPlace } from './add-place.tsx'
import { PlaceView } from './place-view.tsx'

/** The patient's page: first the wallet, then the vault, then each hospital by itself. */
export function PatientPage(): ReactElement {
  const { address, person } = useSession()
  if (!address) return <ConnectFirst who="a patient" />
  // A wallet that changes its account is somebody else: nothing of the one before stays on the screen.
  return (
    <ActingSwitch key={`${address}${person?.id ?? ''}`}>
      <VaultDoor />
    </ActingSwitch>
  )
}

function VaultDoor(): ReactElement {
  const { address } = useSession()
  const { network } = useNetwork()
  const { open, exists, unlocking, restoring } = useVault()
  const [bringing, setBringing] = useState(false)
  if (open) return <Places />
  return (
    <Card
      title={exists ? 'Your vault is locked' : 'Make your vault'}
      hint="The vault holds the keys to your records. It stays in this browser, locked by a signature of your wallet."
      className="max-w-2xl"
    >
      <div className="grid gap-4">
        {!exists && exists !== undefined && (
          <p>
            This device has no vault of yours yet. A signature makes it, and the same signature unlocks it from then on.
            Your wallet may be asked for it twice, to make sure that it always gives the same. Nothing is sent anywhere.
          </p>
        )}
        {unlocking.error && <Problem error={unlocking.error} />}
        <div className="flex flex-wrap gap-2">
          <Button busy={unlocking.isPending} onClick={() => address && unlocking.mutate(address)}>
            <KeyRound aria-hidden className="size-4" />
            {exists ? 'Unlock with my wallet' : 'Make my vault'}
          </Button>
          {exists === false && (
            <Button kind="secondary" aria-haspopup="dialog" onClick={() => setBringing(true)}>
              <LifeBuoy aria-hidden className="size-4" />
              Bring my vault back
            </Button>
          )}
        </div>
      </div>
      {bringing && (
        <RestoreDialog
          networkId={network.networkId}
          busy={restoring.isPending}
          error={restoring.error}
          onSeed={(seed) => restoring.mutate(seed)}
          onClose={() => setBringing(false)}
        />
      )}
    </Card>
  )
}

function Places(): ReactElement {
  const { open } = useVault()
  const { places, error } = usePlaces(open?.vault)
  const [adding, setAdding] = useState(false)
  const known = open?.vault.profiles.length ?? 0
  const tabs: Tab[] = places.map((place) => ({
    id: place.pseudonym,
    label: place.name,
    content: () => <PlaceView key={place.pseudonym} place={place} />,
  }))
  return (
    <div className="grid gap-5">
      {error ? <Problem error={error} /> : null}
      {known > 0 && places.length === 0 && !error && <Waiting>Reading the public ledger…</Waiting>}
      {places
        .filter(({ registered }) => registered)
        .map((place) => (
          <RotationNotice key={place.pseudonym} place={place} />
        ))}
      {tabs.length > 0 && <Tabs label="Hospitals" tabs={tabs} />}
      <div>
        <Button kind={known > 0 ? 'quiet' : 'primary'} onClick={() => setAdding(true)}>
          Become a patient at another hospital
        </Button>
      </div>
      <LostPhone places={places} />
      {adding && <AddPlace places={places} onClose={() => setAdding(false)} />}
    </div>
  )
}
