'use client'

import type { ReactElement } from 'react'
import { useState } from 'react'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import type { Place } from '@/hooks/usePlaces.ts'
import { useRecoveryNote } from '@/hooks/useRecoveryNote.ts'
import { useRotation } from '@/hooks/useRotation.ts'
import { useVault } from '@/hooks/useVault.ts'
import { date } from '@/lib/format.ts'
import type { KitNote, Probe } from '@/lib/recovery-note.ts'
import { DrillDialog } from './drill-dialog.tsx'
import { GuardDialog } from './guard-dialog.tsx'
import { GuardiansDialog } from './guardians-dialog.tsx'
import { KitDialog } from './kit-dialog.tsx'

type Shown = 'kit' | 'drill' | 'guardians' | 'guard'

/** If you lose your phone: what would bring everything back, whether it was tried, and what to do now. */
export function LostPhone({ places }: { places: readonly Place[] }): ReactElement {
  const { chain } = useNetwork()
  const { open } = useVault()
  const { note, change, error } = useRecoveryNote()
  const [shown, show] = useState<Shown>()
  const [probe, setProbe] = useState<Probe>()
  const kit = note?.kit
  const registered = places.filter((place) => place.registered)
  const close = (): void => show(undefined)
  const drill = (): void => {
    // Another one each time; which is no secret.
    setProbe(kit?.probes[Math.floor(Math.random() * kit.probes.length)])
    show('drill')
  }
  return (
    <Card
      title="If you lose your phone"
      hint="Your vault lives in this browser. Paper or friends bring it back; without either it is lost with the device."
    >
      <div className="grid gap-4">
        <Facts
          facts={[
            { label: 'Recovery kit', value: kitWords(kit) },
            { label: 'Last check', value: kit?.checkedAt === undefined ? 'never' : date(kit.checkedAt) },
            ...registered.map((place) => ({
              label: `Guardians at ${place.name}`,
              value: <GuardedBy key={place.pseudonym} place={place} />,
            })),
          ]}
        />
        <div className="flex flex-wrap gap-2">
          <Button kind={kit ? 'secondary' : 'primary'} aria-haspopup="dialog" onClick={() => show('kit')}>
            {kit ? 'Make a new kit' : 'Make a recovery kit'}
          </Button>
          {kit && (
            <Button kind="secondary" aria-haspopup="dialog" onClick={drill}>
              Check my kit
            </Button>
          )}
          <Button kind="secondary" aria-haspopup="dialog" onClick={() => show('guardians')}>
            My guardians
          </Button>
          <Button kind="quiet" aria-haspopup="dialog" onClick={() => show('guard')}>
            Guard somebody
          </Button>
        </div>
        {error && <Problem error={error} />}
      </div>
      {shown === 'kit' && <KitDialog onClose={close} />}
      {shown === 'drill' && kit && probe && (
        <DrillDialog
          kit={kit}
          probe={probe}
          onRight={() => void change((all) => ({ ...all, kit: { ...kit, checkedAt: chain.clock() } }))}
          onClose={close}
        />
      )}
      {shown === 'guardians' && <GuardiansDialog places={registered} onClose={close} />}
      {shown === 'guard' && open && <GuardDialog vault={open.vault} onClose={close} />}
    </Card>
  )
}

const kitWords = (kit: KitNote | undefined): string =>
  kit ? `made ${date(kit.madeAt)}: any ${kit.needed} of ${kit.of} sheets` : 'none was made on this device'

function GuardedBy({ place }: { place: Place }): string {
  const { circle } = useRotation(place)
  return circle ? `any ${circle.needed} of ${circle.places.length}` : 'nobody yet'
}
