/** What one check found: good, doubtful, or wrong; then what to do about it. No secret is ever in it. */
export type Finding = {
  /** Stable, for scripts: `chain-head`, `key-file` ... */
  readonly name: string
  readonly status: 'ok' | 'warning' | 'problem'
  readonly message: string
  readonly cure?: string | undefined
}

/** All is well. */
export const ok = (name: string, message: string): Finding => ({ name, status: 'ok', message })

/** It works, and not as well as it should. */
export const warning = (name: string, message: string, cure: string): Finding => ({
  name,
  status: 'warning',
  message,
  cure,
})

/** It does not work. */
export const problem = (name: string, message: string, cure: string): Finding => ({
  name,
  status: 'problem',
  message,
  cure,
})
