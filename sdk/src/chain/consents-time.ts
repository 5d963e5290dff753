import { type Hex, zeroHash } from 'viem'
import type { Chain } from './connect.ts'
import { type ConsentScope, consentOf, floorOf } from './consents.ts'
import { view } from './head.ts'
import { pause, type WaitOptions } from './wait.ts'

/** Milliseconds for which a grant waits for the next second: an empty block comes at least every 20 s. */
const longestWait = 30_000

/**
 * When a consent is signed: never after the block that carries it, whatever this clock says. A grant counts only if it
 * was signed later than every decision that it follows, to the second; so after one in this very second it waits for
 * the next. A delegate's counts only later than the delegation, which was given at `since`.
 */
export async function timeToSign(
  chain: Chain,
  { pseudonym, grants, since }: { pseudonym: Hex; grants: readonly Omit<ConsentScope, 'pseudonym'>[]; since: number },
  { signal }: WaitOptions,
): Promise<number> {
  const last = await lastDecision(chain, { pseudonym, grants }, { signal })
  return await timeAfter(chain, Math.max(last, since), { signal })
}

/** The time to sign at, later than the decision that was made at `last`. */
export async function timeAfter(chain: Chain, last: number, { signal }: WaitOptions): Promise<number> {
  const { earlier } = await view(chain, { signal })
  const until = Date.now() + longestWait
  let now = earlier
  // The contract has the last word: a clock that is far behind signs in the past, and is told so.
  while (now <= last && Date.now() < until) {
    await pause(200, { signal })
    now = (await view(chain, { signal })).earlier
  }
  return now
}

/** The newest decision that grants would follow: of their slots, their grantees, and everything. 0 without grants. */
async function lastDecision(
  chain: Chain,
  { pseudonym, grants }: { pseudonym: Hex; grants: readonly Omit<ConsentScope, 'pseudonym'>[] },
  { signal }: WaitOptions,
): Promise<number> {
  if (grants.length === 0) return 0
  const slots = grants.map(async (grant) => (await consentOf(chain, { pseudonym, ...grant }, { signal })).changedAt)
  const floors = [zeroHash, ...new Set(grants.map(({ granteeId }) => granteeId))].map((granteeId) =>
    floorOf(chain, { pseudonym, granteeId }, { signal }),
  )
  return Math.max(...(await Promise.all([...slots, ...floors])))
}
