import { categories } from '@sharewell/sdk/record'
import { plainKinds } from './categories.ts'

const line = /^Asked for: (.+)$/m

/** A doctor's reason with the kinds of record asked for, as one text that people can read. */
export function noteWith(text: string, asked: readonly number[]): string {
  const titles = categories.filter(({ id }) => asked.includes(id)).map(({ title }) => title)
  return titles.length === 0 ? text.trim() : `${text.trim()}\n\nAsked for: ${titles.join(', ')}`
}

/** The kinds of record that a note asks for; none where it names none. What is sensitive the patient adds, or does not. */
export function askedFor(note: string | undefined): readonly number[] {
  const titles = (note?.match(line)?.[1] ?? '').split(', ')
  return plainKinds.filter(({ title }) => titles.includes(title)).map(({ id }) => id)
}
