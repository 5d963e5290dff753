import { checkPolicy, type Policy } from '@sharewell/sdk/share'
import { UsageError } from './command.ts'

/** Reads `n,t,r`. Errors: `UsageError`, `PolicyError`. */
export function parsePolicy(words: string): Policy {
  const [, n, t, r] = /^(\d{1,5}),(\d{1,5}),(\d{1,5})$/.exec(words) ?? []
  if (n === undefined)
    throw new UsageError({ problem: `${words} is no policy`, hints: ['write n,t,r, such as 5,3,0 or 9,6,3'] })
  const policy = { n: Number(n), t: Number(t), r: Number(r) }
  checkPolicy(policy)
  return policy
}
