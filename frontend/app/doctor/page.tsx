import type { Metadata } from 'next'
import type { ReactElement } from 'react'
import { DoctorPage } from '@/components/doctor/doctor-page.tsx'
import { Ready } from '@/components/shell/network-context.tsx'
import { PageHead } from '@/components/shell/page-head.tsx'

export const metadata: Metadata = { title: 'Doctor' }

export default function Page(): ReactElement {
  return (
    <>
      <PageHead title="See what you were trusted with">
        Find a patient, ask for what you need, and open what they share, checked to the last byte.
      </PageHead>
      <Ready>
        <DoctorPage />
      </Ready>
    </>
  )
}
