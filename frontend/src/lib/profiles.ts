import type { Policy } from '@sharewell/sdk/share'

/** A choice of shares with what it means for people. */
export type Profile = {
  readonly id: string
  readonly label: string
  readonly hint: string
  readonly policy: Policy
  /** What key nodes release needs a second key, which a quantum computer does not give away. */
  readonly postQuantum?: boolean
}

/** Choices of (n, t, r): n shares, any t rebuild, any r of them learn nothing whatever happens to the key. */
export const profiles: readonly Profile[] = [
  {
    id: 'standard',
    label: 'Standard: 5 shares, any 3 rebuild',
    hint: 'Two nodes may fail. Takes 1.7 times the size.',
    policy: { n: 5, t: 3, r: 0 },
  },
  {
    id: 'durable',
    label: 'Durable: 9 shares, any 6 rebuild',
    hint: 'Three nodes may fail. Takes 1.5 times the size.',
    policy: { n: 9, t: 6, r: 0 },
  },
  {
    id: 'decades',
    label: 'For decades: 5 shares, any 3 rebuild, 2 learn nothing',
    hint: 'Safe from any two nodes even if ciphers fall, and its key from later quantum computers. Takes 5 times the size.',
    policy: { n: 5, t: 3, r: 2 },
    postQuantum: true,
  },
]

/** A policy that somebody chose on the page for it, as a profile. */
export const ownProfile = (policy: Policy): Profile => ({
  id: 'own',
  label: `As chosen: ${policy.n} shares, any ${policy.t} rebuild${policy.r > 0 ? `, ${policy.r} learn nothing` : ''}`,
  hint: `${policy.n - policy.t} ${policy.n - policy.t === 1 ? 'node' : 'nodes'} may fail. Takes ${Number((policy.n / (policy.t - policy.r)).toPrecision(2))} times the size.`,
  policy,
})
