'use client'

import { fromHex, toHex } from '@sharewell/sdk/bytes'
import { approveRequest } from '@sharewell/sdk/flow/recovery'
import {
  type GuardianRequest,
  guardianApproval,
  guardianCode,
  guardianLetter,
  guardianOf,
  guardianRequest,
  guardianSeedOf,
  openGuardianShare,
  type Vault,
} from '@sharewell/sdk/person'
import { useMutation } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { useMemo, useState } from 'react'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Button } from '@/components/ui/button.tsx'
import { CodeInput } from '@/components/ui/code-input.tsx'
import { Dialog } from '@/components/ui/dialog.tsx'
import { Code, Facts } from '@/components/ui/facts.tsx'
import { Note } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { QrView } from '@/components/ui/qr-view.tsx'
import { type Tab, Tabs } from '@/components/ui/tabs.tsx'
import { moment } from '@/lib/format.ts'
import { short } from '@/lib/names.ts'

/** What a guardian does for a friend: give the own code, open the letter, and sign after making sure who asks. */
export function GuardDialog({ vault, onClose }: { vault: Vault; onClose: () => void }): ReactElement {
  const tabs: Tab[] = [
    { id: 'code', label: 'My code', content: () => <MyCode vault={vault} /> },
    { id: 'sign', label: 'Sign a request', content: () => <SignRequest vault={vault} /> },
    { id: 'letter', label: 'Open a letter', content: () => <OpenLetter vault={vault} /> },
  ]
  return (
    <Dialog title="Guard somebody" onClose={onClose}>
      <Tabs label="As a guardian" tabs={tabs} />
    </Dialog>
  )
}

function MyCode({ vault }: { vault: Vault }): ReactElement {
  const code = useMemo(
    () => guardianCode.write({ networkId: vault.networkId, ...guardianOf(guardianSeedOf(vault)) }),
    [vault],
  )
  return (
    <div className="grid gap-4">
      <p>Give this to the friend whom you will guard. It holds no name, and nobody can tell from it whom you guard.</p>
      <QrView label="Guardian code as a QR code" code={code} fileName="guardian-code.png" />
    </div>
  )
}

function OpenLetter({ vault }: { vault: Vault }): ReactElement {
  const [text, setText] = useState('')
  const opening = useMutation({
    mutationFn: async () => {
      const { networkId } = vault
      return await openGuardianShare(guardianSeedOf(vault), guardianLetter.read(text, { networkId }), { networkId })
    },
  })
  return (
    <div className="grid gap-4">
      <Note tone="warn">
        Only when you see your friend or know the voice. Nobody else has a reason to ask, no hospital and no support
        line.
      </Note>
      <CodeInput label="Letter" value={text} onChange={setText} />
      <div>
        <Button busy={opening.isPending} disabled={text.trim() === ''} onClick={() => opening.mutate()}>
          Show the words
        </Button>
      </div>
      {opening.data && <Code label="Words for your friend">{opening.data}</Code>}
      {opening.error && <Problem error={opening.error} />}
    </div>
  )
}

function SignRequest({ vault }: { vault: Vault }): ReactElement {
  const { chain } = useNetwork()
  const [text, setText] = useState('')
  const [sure, setSure] = useState(false)
  const { networkId } = vault
  const request = useMemo(() => read(text, networkId), [text, networkId])
  const signing = useMutation({
    mutationFn: async (asked: GuardianRequest) =>
      guardianApproval.write(await approveRequest(chain, guardianSeedOf(vault), asked)),
  })
  if (signing.data)
    return (
      <div className="grid gap-4">
        <p>Give this back to your friend. It counts for this one request.</p>
        <QrView label="Answer as a QR code" code={signing.data} fileName="answer.png" />
      </div>
    )
  return (
    <div className="grid gap-4">
      <CodeInput
        label="Request of your friend"
        value={text}
        error={text.trim() !== '' && !request ? 'This is no request of this network. Have it shown again.' : undefined}
        onChange={(next) => {
          setText(next)
          setSure(false)
          signing.reset()
        }}
      />
      {request && (
        <>
          <Facts facts={factsOf(request)} />
          <label className="flex min-h-11 items-start gap-3">
            <input
              type="checkbox"
              className="mt-1 size-5"
              checked={sure}
              onChange={({ target }) => setSure(target.checked)}
            />
            <span>
              I saw or heard my friend, who told me the same new account. I know that with enough of us this account
              takes over, unless my friend says no within seven days.
            </span>
          </label>
          <div>
            <Button busy={signing.isPending} disabled={!sure} onClick={() => signing.mutate(request)}>
              Sign for my friend
            </Button>
          </div>
        </>
      )}
      {signing.error && <Problem error={signing.error} />}
    </div>
  )
}

function read(text: string, networkId: Uint8Array): GuardianRequest | undefined {
  try {
    return guardianRequest.read(text, { networkId: fromHex(toHex(networkId), 32) })
  } catch {
    return undefined
  }
}

const factsOf = ({ act, to, from, pseudonym, deadline }: GuardianRequest) => [
  { label: 'Your friend’s code', value: short(toHex(pseudonym)) },
  ...(act === 'recover'
    ? [
        { label: 'Lost account', value: short(toHex(from)) },
        { label: 'New account', value: short(toHex(to)) },
      ]
    : [{ label: 'What ends', value: 'whatever waits there' }]),
  { label: 'Counts until', value: moment(deadline) },
]
