import type { Metadata, Viewport } from 'next'
import type { ReactElement, ReactNode } from 'react'
import { FocusHome } from '@/components/shell/focus-home.tsx'
import { NetworkProvider, Ready } from '@/components/shell/network-context.tsx'
import { SiteHeader } from '@/components/shell/site-header.tsx'
import { DemoHost } from '@/components/wallet/demo-host.tsx'
import { ReviewHost } from '@/components/wallet/review-host.tsx'
import { WalletNotices } from '@/components/wallet/wallet-notices.tsx'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'Sharewell', template: '%s · Sharewell' },
  description: 'Health records that belong to the patient.',
}

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f6f4ee' },
    { media: '(prefers-color-scheme: dark)', color: '#0f1614' },
  ],
}

// The content security policy gives each answer a nonce of its own, so no page is made ahead of time.
export const dynamic = 'force-dynamic'

export default function Layout({ children }: { children: ReactNode }): ReactElement {
  return (
    <html lang="en">
      <body>
        <FocusHome />
        <NetworkProvider>
          <a href="#main" className="sr-only focus:not-sr-only focus:absolute focus:z-20 focus:bg-surface focus:p-3">
            Skip to the page
          </a>
          <SiteHeader />
          <Ready quiet>
            <WalletNotices />
          </Ready>
          <main id="main" className="mx-auto max-w-6xl px-4 pt-8 pb-20 sm:px-6">
            {children}
          </main>
          <Ready quiet>
            <ReviewHost />
            <DemoHost />
          </Ready>
        </NetworkProvider>
      </body>
    </html>
  )
}
