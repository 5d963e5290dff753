'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import type { ReactElement } from 'react'
import { WalletButton } from '@/components/wallet/wallet-button.tsx'
import { Mark } from './mark.tsx'
import { Ready } from './network-context.tsx'
import { places } from './places.ts'
import { ShiftBadge } from './shift-badge.tsx'

/** The top of every page: where one is, where one can go, and who one is. */
export function SiteHeader(): ReactElement {
  const path = usePathname()
  return (
    <header className="top-0 z-10 border-b border-line bg-paper/95 sm:sticky backdrop-blur print:hidden">
      <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-2 gap-y-1 px-4 py-2 sm:gap-x-4 sm:px-6">
        <Link href="/" className="flex min-h-11 items-center gap-2.5 font-display text-xl font-semibold">
          <Mark className="size-8" />
          Sharewell
        </Link>
        <nav aria-label="Pages" className="order-3 w-full sm:order-none sm:w-auto">
          <ul className="-mx-1 flex justify-between gap-0.5 sm:justify-start">
            {places.map(({ href, label, icon: Icon }) => (
              <li key={href}>
                <Link
                  href={href}
                  aria-current={path === href ? 'page' : undefined}
                  className="flex min-h-11 items-center gap-1.5 rounded-lg px-2 text-[0.95rem] whitespace-nowrap text-muted hover:bg-sunken hover:text-ink aria-[current]:font-semibold aria-[current]:text-accent sm:px-3"
                >
                  <Icon aria-hidden className="size-4 max-sm:hidden" />
                  {label}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <div className="ml-auto">
          <Ready quiet>
            <span className="flex items-center gap-2">
              <ShiftBadge />
              <WalletButton />
            </span>
          </Ready>
        </div>
      </div>
    </header>
  )
}
