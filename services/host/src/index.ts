/**
 * What every service stands in: an app that answers each error as problem+json, a server that a slow, silent or endless
 * client cannot hold, bodies with a limit, health and metrics, a config file, a log without personal data. It knows
 * errors and nothing else of Sharewell, so that a service links by it nothing that the service must not know.
 * @module
 */
export { type BodyLimits, readBody, readJson } from './body.ts'
export { ConfigError, hex, readConfig, runService, type ServerConfig, serverShape } from './config.ts'
export { DiskFullError, isDiskFull } from './disk.ts'
export { isAside, writeDurably } from './durable.ts'
export { type Address, ListenError, type Listening, listen, type ServerLimits } from './listen.ts'
export { createLog, type Log, type LogLevel } from './log.ts'
export {
  BadRequestError,
  BodyTimeoutError,
  BusyError,
  ClientGoneError,
  MediaTypeError,
  MethodError,
  NotFoundError,
  NotReadyError,
  type Problem,
  problemResponse,
  TooLargeError,
} from './problem.ts'
export { createService, limiting, type Service, type ServiceOptions } from './service.ts'
export { hangUp, signalOf } from './signal.ts'
