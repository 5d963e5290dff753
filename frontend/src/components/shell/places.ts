import { Building2, Network, Stethoscope, UserRound } from 'lucide-react'

/** The four pages, with the face of each. */
export const places = [
  { href: '/patient', label: 'Patient', icon: UserRound },
  { href: '/doctor', label: 'Doctor', icon: Stethoscope },
  { href: '/hospital', label: 'Hospital', icon: Building2 },
  { href: '/network', label: 'Network', icon: Network },
] as const
