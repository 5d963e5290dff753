'use client'

import { fromHex } from '@sharewell/sdk/bytes'
import { guardianCode, guardianLetter, sealGuardianShare, splitWords } from '@sharewell/sdk/person'
import { useMutation } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Button } from '@/components/ui/button.tsx'
import { More } from '@/components/ui/facts.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { QrView } from '@/components/ui/qr-view.tsx'
import { useRecoveryNote } from '@/hooks/useRecoveryNote.ts'
import { useVault } from '@/hooks/useVault.ts'
import { noNote } from '@/lib/recovery-note.ts'

/** Splits the vault and seals a share to each guardian. */
export function GuardianLetters(): ReactElement {
  const { network } = useNetwork()
  const { open } = useVault()
  const { note = noNote } = useRecoveryNote()
  const { guardians, needed } = note
  const seal = useMutation({
    mutationFn: async () => {
      if (!open) throw new Error('The vault is closed.')
      const { networkId, seed } = open.vault
      const id = { networkId: fromHex(network.networkId, 32) }
      const [shares = []] = splitWords(seed, { groups: [{ needed, of: guardians.length }] })
      const made = guardians.map(async ({ code }, at) => {
        const letter = await sealGuardianShare(guardianCode.read(code, id), shares[at] ?? '', { networkId })
        return guardianLetter.write({ networkId, ...letter })
      })
      return await Promise.all(made)
    },
  })
  return (
    <>
      <div>
        <Button kind="secondary" busy={seal.isPending} onClick={() => seal.mutate()}>
          {seal.data ? 'Make new letters' : 'Make the letters'}
        </Button>
      </div>
      {seal.data?.map((letter, at) => (
        <More key={letter} label={`Letter for ${guardians[at]?.name}`}>
          <QrView
            label={`Letter for ${guardians[at]?.name} as a QR code`}
            code={letter}
            fileName={`letter-${at + 1}.png`}
          />
        </More>
      ))}
      {seal.error && <Problem error={seal.error} />}
    </>
  )
}
