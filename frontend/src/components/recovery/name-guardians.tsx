'use client'

import { fromHex } from '@sharewell/sdk/bytes'
import { nameGuardians } from '@sharewell/sdk/chain'
import { guardianCircle, guardianCode } from '@sharewell/sdk/person'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Note } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import type { Place } from '@/hooks/usePlaces.ts'
import { useRecoveryNote } from '@/hooks/useRecoveryNote.ts'
import { useSignAt } from '@/hooks/useSignAt.ts'
import { useVault } from '@/hooks/useVault.ts'
import { noNote } from '@/lib/recovery-note.ts'

/** Names the guardians at one hospital: how many there are and act stands in the public ledger, and not who. */
export function NameGuardians({ place }: { place: Place }): ReactElement {
  const { network } = useNetwork()
  const { open } = useVault()
  const { note = noNote } = useRecoveryNote()
  const signAt = useSignAt()
  const queries = useQueryClient()
  const { pseudonym } = place
  const name = useMutation({
    mutationFn: async () => {
      if (!open) throw new Error('The vault is closed.')
      const id = { networkId: fromHex(network.networkId, 32) }
      const keys = note.guardians.map(({ code }) => guardianCode.read(code, id).key)
      const { circle } = guardianCircle(open.vault, keys, fromHex(pseudonym, 32), note.needed)
      await nameGuardians(await signAt(place), { pseudonym, circle })
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['rotation', pseudonym] }),
  })
  return (
    <div className="grid gap-2">
      <div>
        <Button kind="secondary" busy={name.isPending} onClick={() => name.mutate()}>
          Name them at {place.name}
        </Button>
      </div>
      {name.isSuccess && (
        <Note tone="good" live title={`Named at ${place.name}`}>
          The first guardians count at once; other ones after seven days.
        </Note>
      )}
      {name.error && <Problem error={name.error} />}
    </div>
  )
}
