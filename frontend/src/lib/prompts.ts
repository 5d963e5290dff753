/** Something a person must answer before the work goes on. */
export type Prompt<question, answer> = {
  readonly id: number
  readonly question: question
  /** Says yes, with what was chosen. */
  readonly answer: (answer: answer) => void
  /** Says no. */
  readonly refuse: () => void
}

/** Questions to the person in front of the screen, one after another; React shows the first. */
export type Prompts<question, answer> = {
  /** Asks and waits. Rejects with {@link RefusedError} when the person says no. */
  readonly ask: (question: question) => Promise<answer>
  readonly subscribe: (listener: () => void) => () => void
  readonly current: () => Prompt<question, answer> | undefined
}

/** Makes an empty queue of questions. */
export function createPrompts<question, answer>(): Prompts<question, answer> {
  let waiting: readonly Prompt<question, answer>[] = []
  let next = 1
  const listeners = new Set<() => void>()
  const change = (prompts: readonly Prompt<question, answer>[]): void => {
    waiting = prompts
    for (const listener of listeners) listener()
  }
  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        const id = next++
        const leave = (): void => change(waiting.filter((prompt) => prompt.id !== id))
        const prompt: Prompt<question, answer> = {
          id,
          question,
          answer: (answer) => {
            leave()
            resolve(answer)
          },
          refuse: () => {
            leave()
            reject(new RefusedError())
          },
        }
        change([...waiting, prompt])
      }),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    current: () => waiting[0],
  }
}

/** The person said no. Its number is the one of EIP-1193, so that it travels through any wallet library. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
  readonly code = 4001

  constructor() {
    super('You said no, so nothing was signed.')
  }
}
