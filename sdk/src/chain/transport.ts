import {
  custom,
  type EIP1193Provider,
  HttpRequestError,
  type HttpTransport,
  http,
  TimeoutError,
  type Transport,
  type Chain as ViemChain,
} from 'viem'

/** JSON-RPC over one client. The whole answer has `timeout` ms, also one that drips; a redirect is none, because a
 * transaction is for the client that the network names. `batch` sends the questions of one moment together. */
export function rpc(url: string, { timeout, retryCount, batch = false }: rpc.Options): HttpTransport {
  const fetchFn = (input: string | URL | Request, init: RequestInit = {}) => {
    const limit = AbortSignal.timeout(timeout)
    const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit
    return fetch(input, { ...init, signal, redirect: 'error' })
  }
  return alone(http(url, { timeout, retryCount, fetchFn, batch: batch && { batchSize: mostTogether } }))
}
export declare namespace rpc {
  type Options = { readonly timeout: number; readonly retryCount: number; readonly batch?: boolean | undefined }
}

/** Questions in one request: more would keep a client busy whose other readers wait. */
const mostTogether = 32

/** Asks each question for itself. The library lets equal questions share one answer, and then one that hangs takes later
 * ones with it, which would get an answer by now. */
function alone<T extends Transport>(open: T): T {
  const opened = (options: Parameters<T>[0]) => {
    const transport = open(options)
    const request = (call: Parameters<typeof transport.request>[0]) => transport.request(call)
    return { ...transport, request }
  }
  return opened as T
}

/**
 * JSON-RPC over several clients of one chain. One that is silent is asked last from then on, so that it costs its
 * timeout once; all of them together take no longer than `timeout` ms.
 */
export function inTurn(
  urls: readonly string[],
  { chain, timeout, batch }: { chain: ViemChain; timeout: number; batch?: boolean | undefined },
): Transport {
  const [only = ''] = urls
  if (urls.length === 1) return rpc(only, { timeout, retryCount: 1, batch })
  const each = timeout / urls.length
  const order = urls.map((url) => rpc(url, { timeout: each, retryCount: 0, batch })({ chain, retryCount: 0 }))
  const request = async (call: { readonly method: string; readonly params?: unknown }): Promise<unknown> => {
    let silence: unknown
    for (const client of [...order]) {
      try {
        return await client.request(call as Parameters<typeof client.request>[0])
      } catch (error) {
        if (!isSilence(error)) throw error
        silence = error
        order.push(...order.splice(order.indexOf(client), 1))
      }
    }
    throw silence
  }
  return alone(custom({ request } as EIP1193Provider, { retryCount: 0 }))
}

/** No answer, or none that is JSON-RPC: another client may do better. */
const isSilence = (error: unknown): boolean =>
  error instanceof HttpRequestError || error instanceof TimeoutError || error instanceof SyntaxError
