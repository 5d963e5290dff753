import type { GlassWindow } from '@sharewell/sdk/chain'

/** Seconds. */
export const hour = 3_600
export const openedAt = 1_800_000_000
export const account = (digit: string) => `0x${digit.repeat(40)}` as const
export const word = (digit: string) => `0x${digit.repeat(64)}` as const
/** An emergency for tests of what is shown of it. */
export const window: GlassWindow = {
  windowId: word('1'),
  pseudonym: word('2'),
  recordId: word('0'),
  clinician: account('a'),
  credentialId: word('3'),
  guardian: account('b'),
  reasonCommit: word('4'),
  institution: `0x${'5'.repeat(32)}`,
  openedAt,
  until: openedAt + 24 * hour,
  closedAt: undefined,
  reviewBy: openedAt + 72 * hour,
  review: undefined,
}
