import type { ReactElement, ReactNode } from 'react'

/** The first lines of a page: what it is for. */
export function PageHead({ title, children }: { title: string; children: ReactNode }): ReactElement {
  return (
    <div className="mb-6 max-w-2xl">
      <h1 className="text-3xl font-semibold sm:text-4xl">{title}</h1>
      <p className="mt-2 text-lg text-muted">{children}</p>
    </div>
  )
}
