import type { Metadata } from 'next'
import type { ReactElement } from 'react'
import { HospitalPage } from '@/components/hospital/hospital-page.tsx'
import { Ready } from '@/components/shell/network-context.tsx'
import { PageHead } from '@/components/shell/page-head.tsx'

export const metadata: Metadata = { title: 'Hospital' }

export default function Page(): ReactElement {
  return (
    <>
      <PageHead title="Keep records for your patients">
        Register who stands in front of you, and deposit records that no single party can read or lose.
      </PageHead>
      <Ready>
        <HospitalPage />
      </Ready>
    </>
  )
}
