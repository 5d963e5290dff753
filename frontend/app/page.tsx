import { ArrowRight } from 'lucide-react'
import Link from 'next/link'
import type { ReactElement } from 'react'
import { JourneyStrip } from '@/components/shell/journey-strip.tsx'
import { places } from '@/components/shell/places.ts'

const words: Record<string, string> = {
  '/patient': 'See what is kept about you, answer who asks, and stop sharing in one tap.',
  '/doctor': 'Find a patient by their code, ask, and open what they share.',
  '/hospital': 'Register patients and deposit records that nobody can read or lose alone.',
  '/network': 'Watch the nodes, the shares and the public ledger at work.',
}

export default function Home(): ReactElement {
  return (
    <div className="grid gap-12">
      <section className="max-w-3xl pt-4">
        <h1 className="text-4xl font-semibold sm:text-5xl">Health records that belong to the patient</h1>
        <p className="mt-4 text-xl text-muted">
          Sealed on the hospital’s own device, split over operators that cannot read them, and opened only under a
          consent that the patient signed.
        </p>
      </section>
      <nav aria-label="Start as">
        <ul className="grid gap-4 sm:grid-cols-2">
          {places.map(({ href, label, icon: Icon }) => (
            <li key={href}>
              <Link
                href={href}
                className="group flex h-full items-start gap-4 rounded-2xl border border-line bg-surface p-5 shadow-card transition-colors hover:border-accent"
              >
                <span className="grid size-12 shrink-0 place-items-center rounded-xl bg-accent-soft text-accent">
                  <Icon aria-hidden className="size-6" />
                </span>
                <span className="min-w-0 flex-1">
                  <span className="flex items-center justify-between gap-2 font-display text-xl font-semibold">
                    {label}
                    <ArrowRight
                      aria-hidden
                      className="size-5 text-muted transition-transform group-hover:translate-x-1"
                    />
                  </span>
                  <span className="mt-1 block text-muted">{words[href]}</span>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <JourneyStrip />
    </div>
  )
}
