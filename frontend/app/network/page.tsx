import type { Metadata } from 'next'
import type { ReactElement } from 'react'
import { NetworkPage } from '@/components/network/network-page.tsx'
import { Ready } from '@/components/shell/network-context.tsx'
import { PageHead } from '@/components/shell/page-head.tsx'

export const metadata: Metadata = { title: 'Network' }

export default function Page(): ReactElement {
  return (
    <>
      <PageHead title="Nobody holds it all">
        Who keeps shares, who holds the keys to release, who rebuilds, and what everyone may see of it.
      </PageHead>
      <Ready>
        <NetworkPage />
      </Ready>
    </>
  )
}
