'use client'

import type { ReactElement } from 'react'
import { useState } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { RadioCards } from '@/components/ui/choice.tsx'
import { Dialog } from '@/components/ui/dialog.tsx'
import { SelectField } from '@/components/ui/field.tsx'
import { Note } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { useDirectory } from '@/hooks/useDirectory.ts'
import { newProfile, type Place } from '@/hooks/usePlaces.ts'
import { useSession } from '@/hooks/useSession.ts'
import { useVault } from '@/hooks/useVault.ts'
import { lower, short } from '@/lib/names.ts'

/** An account that the vault makes for this hospital alone. */
const ofVault = 'vault'

/** A new hospital in the vault, under an account that is used nowhere else. */
export function AddPlace({ places, onClose }: { places: readonly Place[]; onClose: () => void }): ReactElement {
  const { organizations } = useDirectory()
  const { addresses, person } = useSession()
  const { open: opened, adding } = useVault()
  const [provider, setProvider] = useState('')
  const [account, setAccount] = useState(ofVault)
  const open = organizations.filter(
    ({ id, isProvider, active }) =>
      isProvider && active && !places.some((place) => lower(place.providerId) === lower(id)),
  )
  const usedAt = (address: string): string | undefined =>
    places.find(({ controller }) => lower(controller) === lower(address))?.name
  const reused = usedAt(account)
  const chosen = open.find(({ id }) => id === provider)
  const labelOf = (address: string): string =>
    person?.accounts.find((one) => lower(one.address) === lower(address))?.label ?? `Account ${short(address)}`

  const keep = (): void => {
    if (!chosen || !opened) return
    const profile = newProfile(opened.vault, chosen.id, account === ofVault ? undefined : lower(account))
    adding.mutate(profile, { onSuccess: onClose })
  }
  return (
    <Dialog
      title="Another hospital"
      onClose={onClose}
      footer={
        <Button busy={adding.isPending} disabled={!chosen} onClick={keep}>
          Keep it in my vault
        </Button>
      }
    >
      <SelectField label="Hospital" value={provider} onChange={({ target }) => setProvider(target.value)}>
        <option value="">Choose…</option>
        {open.map(({ id, name, verified }) => (
          <option key={id} value={id}>
            {name}
            {verified ? '' : ' (name not verified)'}
          </option>
        ))}
      </SelectField>
      <RadioCards
        legend="Account that decides there"
        name="account"
        options={[
          { value: ofVault, label: 'A new one, kept in my vault', hint: 'Used nowhere else. The best choice.' },
          ...addresses.map((address) => ({
            value: address as string,
            label: `In my wallet: ${labelOf(address)}`,
            hint: usedAt(address) ? `In use at ${usedAt(address)}` : 'Not used at another hospital here',
          })),
        ]}
        value={account}
        onChange={setAccount}
      />
      {reused && (
        <Note tone="warn" live title="This account is in use already">
          Everyone who reads the public ledger could see that your codes at {reused} and here belong to one person.
        </Note>
      )}
      {adding.error && <Problem error={adding.error} />}
    </Dialog>
  )
}
