import { statuses as directoryStatuses, problems } from '../../services/directory/src/app.ts'
import { commonStatuses, internal } from '../../services/host/src/problem.ts'
import { statuses as keyNodeStatuses } from '../../services/key-node/src/app.ts'
import { refusals as keyNodeRefusals } from '../../services/key-node/src/refusals.ts'
import { statuses as reconstructorStatuses } from '../../services/reconstructor/src/problem.ts'
import { statuses as relayerStatuses } from '../../services/relayer/src/app.ts'
import { limits, refusals as relayerRefusals } from '../../services/relayer/src/refusals.ts'
import { statuses as storageStatuses } from '../../services/storage-node/src/problem.ts'
import type { Explained } from './explained.ts'

type Refusals = Readonly<Record<string, { readonly status: number; readonly says: string; readonly hint: string }>>

const tables: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'every service': commonStatuses,
  'storage node': storageStatuses,
  reconstructor: reconstructorStatuses,
  'key node': keyNodeStatuses,
  directory: directoryStatuses,
  relayer: relayerStatuses,
}

/** Every code that some service has a status for. */
export const everyStatus = (): Readonly<Record<string, number>> => Object.assign({}, ...Object.values(tables))

/** The status with which services answer an error of the SDK's or of their own. */
export function httpOf(code: string): Explained['http'] {
  return Object.entries(tables).flatMap(([service, statuses]) => {
    const status = statuses[code]
    return status === undefined ? [] : [{ service, status }]
  })
}

/** The codes that exist on the wire alone: refusals with words of their own. */
export function wireCodes(): Explained[] {
  const of = (service: string, refusals: Refusals) =>
    Object.entries(refusals).map(([code, { status, says, hint }]) => ({
      code,
      says: '',
      why: says,
      todo: [hint],
      http: [{ service, status }],
    }))
  const budgets = Object.entries(limits).map(([code, says]) => ({
    code,
    says: '',
    why: `${says} The answer says in \`retry-after\` when to ask again.`,
    todo: ['Wait so long, ask another relayer, or send it yourself.'],
    http: [{ service: 'relayer', status: 429 }],
  }))
  const own = { code: internal.code, says: internal.detail, why: 'The service failed where it should not.' }
  return [
    ...of('key node', keyNodeRefusals),
    ...of('directory', problems),
    ...of('relayer', relayerRefusals),
    ...budgets,
    { ...own, todo: [internal.hint], http: [{ service: 'every service', status: internal.status }] },
  ]
}
