import { fromUtf8 } from '@sharewell/sdk/bytes'
import { attempt, isMap } from '../guess.ts'
import type { Description } from './description.ts'
import { isKeyFile } from './key-file.ts'

/** Recognizes text: key files, network files, FHIR, other JSON. */
export function identifyText(bytes: Uint8Array): Description | undefined {
  if (isKeyFile(bytes)) return { kind: 'key file', note: 'it opens one sealed file; keep it apart and secret' }
  const content = attempt((): unknown => JSON.parse(fromUtf8(bytes)))
  if (!isMap(content)) return undefined
  if (isMap(content.network) && typeof content.network.networkId === 'string')
    return identifyNetwork(content, content.network)
  if (typeof content.resourceType !== 'string') return undefined
  return {
    kind: 'FHIR resource',
    resource: content.resourceType,
    entries: Array.isArray(content.entry) ? content.entry.length : undefined,
    note: 'not sealed: anybody can read it',
  }
}

function identifyNetwork(
  file: Readonly<Record<string, unknown>>,
  network: Readonly<Record<string, unknown>>,
): Description {
  const { networkId, chainId, rpcUrls } = network
  return {
    kind: 'network file',
    networkId: String(networkId),
    chainId: Number(chainId),
    rpc: Array.isArray(rpcUrls) ? rpcUrls.map(String) : undefined,
    note: file.demo === undefined ? undefined : 'a demonstration network: its people are invented',
  }
}
