'use client'

import { Building2, FlaskConical, Stethoscope, UserRound } from 'lucide-react'
import type { ReactElement } from 'react'
import { useSyncExternalStore } from 'react'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Dialog } from '@/components/ui/dialog.tsx'
import type { DemoQuestion, DemoWallet } from '@/lib/demo-wallet.ts'
import { describe } from '@/lib/describe/index.ts'
import { names } from '@/lib/names.ts'
import type { DemoPerson, Role } from '@/lib/network-file.ts'
import type { Prompt } from '@/lib/prompts.ts'
import type { WalletRequest } from '@/lib/wallet-request.ts'
import { RequestWords } from './request-words.tsx'

/** The demo wallet's own windows, and the banner that says what it is. Draws nothing where there is no demo. */
export function DemoHost(): ReactElement | null {
  const { demo } = useNetwork()
  return demo ? <DemoWindows demo={demo} /> : null
}

function DemoWindows({ demo }: { demo: DemoWallet }): ReactElement | null {
  const prompt = useSyncExternalStore(demo.prompts.subscribe, demo.prompts.current, () => undefined)
  if (!prompt) return null
  return prompt.question.kind === 'choose' ? (
    <ChoosePerson key={prompt.id} prompt={prompt} people={demo.people} />
  ) : (
    <Confirm key={prompt.id} prompt={prompt} person={prompt.question.person} request={prompt.question.request} />
  )
}

type DemoPrompt = Prompt<DemoQuestion, DemoPerson | undefined>

const roles: Record<Role, { label: string; icon: typeof UserRound }> = {
  patient: { label: 'Patients', icon: UserRound },
  practitioner: { label: 'Doctors and other staff', icon: Stethoscope },
  organization: { label: 'Hospitals', icon: Building2 },
}

function ChoosePerson({ prompt, people }: { prompt: DemoPrompt; people: readonly DemoPerson[] }): ReactElement {
  return (
    <Dialog title="Who do you want to be?" onClose={prompt.refuse} banner={<DemoBanner />}>
      {Object.entries(roles).map(([role, { label, icon: Icon }]) => (
        <section key={role} className="grid gap-2">
          <h3 className="text-sm font-semibold text-muted">{label}</h3>
          <ul className="grid gap-2 sm:grid-cols-2">
            {people
              .filter((person) => person.role === role)
              .map((person) => (
                <li key={person.id}>
                  <button
                    type="button"
                    onClick={() => prompt.answer(person)}
                    className="flex min-h-12 w-full items-center gap-3 rounded-xl border border-line px-3.5 py-2 text-left font-medium hover:border-edge hover:bg-sunken"
                  >
                    <Icon aria-hidden className="size-5 shrink-0 text-accent" />
                    {person.name}
                  </button>
                </li>
              ))}
          </ul>
        </section>
      ))}
      <p className="text-sm text-muted">Another tab can be somebody else at the same time.</p>
    </Dialog>
  )
}

function Confirm({
  prompt,
  person,
  request,
}: {
  prompt: DemoPrompt
  person: DemoPerson
  request: WalletRequest
}): ReactElement {
  const { network } = useNetwork()
  const described = describe(request, { network, names })
  return (
    <Dialog
      title={described.title}
      onClose={prompt.refuse}
      banner={<DemoBanner />}
      footer={
        <>
          <Button kind="secondary" onClick={prompt.refuse}>
            Reject
          </Button>
          <Button onClick={() => prompt.answer(undefined)}>
            {request.method === 'eth_sendTransaction' ? 'Confirm' : 'Sign'}
          </Button>
        </>
      }
    >
      <p className="text-sm text-muted">You are {person.name}.</p>
      <RequestWords described={described} />
    </Dialog>
  )
}

/** Says whose window this is, so that nobody takes it for a real wallet. */
function DemoBanner(): ReactElement {
  return (
    <p className="flex items-center gap-2 bg-gold-soft px-5 py-2 text-sm font-medium text-gold sm:px-6">
      <FlaskConical aria-hidden className="size-4" />
      Demo wallet: keys are public
    </p>
  )
}
