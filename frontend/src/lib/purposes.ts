/** A purpose of use: its place in the contract's mask, its HL7 code, and what people call it. */
export type Purpose = { readonly index: number; readonly code: string; readonly label: string; readonly hint: string }

/** Purposes that a consent can name; break-glass (BTG) is none of them. */
export const purposes: readonly Purpose[] = [
  { index: 0, code: 'TREAT', label: 'Treatment', hint: 'Care, a visit, a second opinion.' },
  { index: 1, code: 'ETREAT', label: 'Emergency treatment', hint: 'Urgent care, by those who treat anyway.' },
  { index: 3, code: 'HPAYMT', label: 'Payment', hint: 'Bills and insurance.' },
  { index: 4, code: 'HOPERAT', label: 'Running the hospital', hint: 'Quality checks, planning, audit.' },
  { index: 5, code: 'HRESCH', label: 'Research', hint: 'Studies and science.' },
  { index: 6, code: 'PATRQT', label: 'At my request', hint: 'You asked for it yourself.' },
  { index: 7, code: 'PUBHLTH', label: 'Public health', hint: 'Health authorities.' },
]

/** Break-glass: no consent names it. */
export const breakGlassPurpose = 2

/** What people call a purpose, by its index. */
export function purposeLabel(index: number): string {
  if (index === breakGlassPurpose) return 'Emergency, without asking the patient'
  return purposes.find((purpose) => purpose.index === index)?.label ?? `Purpose ${index}`
}

/** What a shift is for, in words. */
export function shiftPurposes(mask: number): string {
  return purposesIn(Number(mask))
    .map(({ label }) => label)
    .join(', ')
}

/** The purposes that a mask names. */
export function purposesIn(mask: number): readonly Purpose[] {
  return purposes.filter(({ index }) => (mask >> index) & 1)
}
