/**
 * Every command, in the order of a record's journey.
 * @module
 */
import type { Command } from '../command.ts'
import { combine } from './combine.ts'
import { inspect } from './inspect.ts'
import { open } from './open.ts'
import { seal } from './seal.ts'
import { split } from './split.ts'

export const commands: readonly Command[] = [seal, open, split, combine, inspect]
