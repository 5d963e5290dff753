'use client'

import { equal, fromHex } from '@sharewell/sdk/bytes'
import { guardianCode } from '@sharewell/sdk/person'
import { useMutation } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Button } from '@/components/ui/button.tsx'
import { CodeInput } from '@/components/ui/code-input.tsx'
import { TextField } from '@/components/ui/field.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { useRecoveryNote } from '@/hooks/useRecoveryNote.ts'
import { noNote } from '@/lib/recovery-note.ts'

/** Takes the code of a friend, under the name that the patient gives. */
export function AddGuardian(): ReactElement {
  const { network } = useNetwork()
  const { note = noNote, change } = useRecoveryNote()
  const [name, setName] = useState('')
  const [code, setCode] = useState('')
  const { guardians } = note
  const add = useMutation({
    mutationFn: async () => {
      const id = { networkId: fromHex(network.networkId, 32) }
      const { key } = guardianCode.read(code, id)
      const twin = guardians.find((one) => equal(guardianCode.read(one.code, id).key, key))
      if (twin) throw new Error(`${twin.name} has this code already.`)
      await change((all) => ({ ...all, guardians: [...all.guardians, { name: name.trim(), code: code.trim() }] }))
      setName('')
      setCode('')
    },
  })
  return (
    <>
      <TextField
        label="Name of a guardian"
        value={name}
        maxLength={60}
        onChange={({ target }) => setName(target.value)}
      />
      <CodeInput
        label="Code of the guardian"
        hint="Your friend finds it on the own page, under “Guard somebody”."
        value={code}
        onChange={setCode}
      />
      <div>
        <Button
          kind="secondary"
          busy={add.isPending}
          disabled={name.trim() === '' || code.trim() === '' || guardians.length === 16}
          onClick={() => add.mutate()}
        >
          Add this guardian
        </Button>
      </div>
      {add.error && <Problem error={add.error} />}
    </>
  )
}
