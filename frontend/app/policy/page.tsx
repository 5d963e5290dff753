import type { Metadata } from 'next'
import type { ReactElement } from 'react'
import { PolicyPage } from '@/components/policy/policy-page.tsx'
import { Ready } from '@/components/shell/network-context.tsx'
import { PageHead } from '@/components/shell/page-head.tsx'

export const metadata: Metadata = { title: 'Choose shares' }

export default function Page(): ReactElement {
  return (
    <>
      <PageHead title="How many shares, and how many rebuild">
        Every choice trades storage against loss, and loss against collusion. Move the numbers and see what it costs.
      </PageHead>
      <Ready>
        <PolicyPage />
      </Ready>
    </>
  )
}
