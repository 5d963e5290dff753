/**
 * What nodes said of versions that they were to delete, as the command line shows it.
 * @module
 */
import { BaseError } from '@sharewell/sdk/errors'
import type { DeletionReport, EraseOptions } from '@sharewell/sdk/flow'
import { openOutput } from '../output.ts'
import type { Terminal } from '../terminal.ts'

/** Names each node that did not confirm, as it answers. */
export function watchDeletions(terminal: Terminal): NonNullable<EraseOptions['onNode']> {
  return (answer) => {
    if ('code' in answer) terminal.warn(`${answer.role} node ${answer.operator} did not delete: ${answer.code}`)
  }
}

/** How many confirmed, and who did not. */
export const deletionLine = ({ confirmed, missing }: DeletionReport) => ({
  confirmed: confirmed.length,
  missing,
})

/** In words, for people. */
export function deletionWords({ confirmed, missing }: DeletionReport): string {
  const all = confirmed.length + missing.length
  return missing.length === 0 ? `all ${all} nodes deleted it` : `${confirmed.length} of ${all} nodes deleted it`
}

/** Keeps what nodes signed, for whoever asks later. */
export async function writeWords(file: string, words: unknown, force: boolean | undefined): Promise<void> {
  const output = await openOutput(file, { force })
  try {
    await output.write(new TextEncoder().encode(`${JSON.stringify(words, null, 2)}\n`))
    await output.commit()
  } finally {
    await output.discard()
  }
}

/** Fails the command when a node did not confirm: there is something left to do. */
export function checkWhole(reports: readonly DeletionReport[]): void {
  const nodes = new Set(reports.flatMap(({ missing }) => missing.map(({ operator }) => operator)))
  if (nodes.size > 0) throw new NotDeletedError({ nodes: nodes.size })
}

/** Thrown when nodes did not confirm that they deleted what they were to. */
export class NotDeletedError extends BaseError<'NOT_DELETED'> {
  override readonly name = 'NotDeletedError'
  constructor({ nodes = 0 }: { nodes?: number }) {
    super('NOT_DELETED', `${nodes} ${nodes === 1 ? 'node has' : 'nodes have'} not confirmed the deletion.`, {
      hints: ['run the same command again when they are up; who confirmed says the same again'],
      docs: 'rekey.md#deleting',
    })
  }
}
