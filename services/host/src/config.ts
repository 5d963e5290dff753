import { readFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { BaseError } from '@sharewell/sdk/errors'
import * as z from 'zod'

/** So many bytes as 0x hex, in lower case, so that two spellings compare equal. */
export const hex = (size: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * size}}$`), `${size} bytes in hex`)
    .transform((text) => text.toLowerCase() as `0x${string}`)

/** What every service is told, beside its own fields. */
export const serverShape = {
  /** Where it listens. */
  host: z.string().min(1).default('127.0.0.1'),
  /** 0 takes a free one. */
  port: z.int().min(0).max(65_535).default(0),
  logLevel: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
}

/** {@link serverShape}, read. */
export type ServerConfig = z.output<z.ZodObject<typeof serverShape>>

/** Reads a config by its shape. Errors: {@link ConfigError}, which names each field that is wrong. */
export function readConfig<shape extends z.ZodType>(shape: shape, input: unknown): z.output<shape> {
  const parsed = shape.safeParse(input)
  if (!parsed.success) throw new ConfigError({ reason: z.prettifyError(parsed.error) })
  return parsed.data
}

/** Thrown when a config does not say what a service needs to know. It repeats no value, because some are keys. */
export class ConfigError extends BaseError<'CONFIG'> {
  override readonly name = 'ConfigError'
  constructor({ reason = 'something is missing', cause }: { reason?: string; cause?: unknown }) {
    super('CONFIG', `The config cannot be used: ${reason}`, {
      cause,
      hints: ["Compare it with the example in the service's README."],
    })
  }
}

/** Runs a service when its module is the program: reads the JSON file that is its one argument, starts, and stops on
 * SIGINT or SIGTERM. What keeps it from starting is said in one line, with exit code 1. */
export async function runService<config>(
  module: string,
  start: (config: config) => Promise<{ close(): Promise<void> }>,
): Promise<void> {
  if (!process.argv[1] || module !== pathToFileURL(process.argv[1]).href) return
  try {
    const service = await start((await readFileOf(process.argv[2])) as config)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void service.close())
  } catch (error) {
    if (!(error instanceof BaseError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}

async function readFileOf(path: string | undefined): Promise<unknown> {
  if (!path) throw new ConfigError({ reason: 'name the JSON config file.' })
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new ConfigError({ reason: `${path} cannot be read.`, cause })
  })
  try {
    return JSON.parse(text)
  } catch {
    // The parser's message quotes the text, and a config holds keys.
    throw new ConfigError({ reason: `${path} is no JSON.` })
  }
}
