import type { Metadata } from 'next'
import type { ReactElement } from 'react'
import { PatientPage } from '@/components/patient/patient-page.tsx'
import { Ready } from '@/components/shell/network-context.tsx'
import { PageHead } from '@/components/shell/page-head.tsx'

export const metadata: Metadata = { title: 'Patient' }

export default function Page(): ReactElement {
  return (
    <>
      <PageHead title="Your records, your decision">
        See what is kept about you, answer who asks, and stop sharing whenever you like.
      </PageHead>
      <Ready>
        <PatientPage />
      </Ready>
    </>
  )
}
