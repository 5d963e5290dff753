import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Bytes, fromBase64url, fromHex, type Hex, toBase64url, toHex } from '@sharewell/sdk/bytes'
import { hashMessage, type Network, parseMessage, typedData } from '@sharewell/sdk/chain'
import type { KeyNodes } from '@sharewell/sdk/flow/key-nodes'
import { type Ciphertext, ctHash, partial, partialHash, sealAnswer } from '@sharewell/sdk/release'
import type { LocalAccount } from 'viem'

/** A key node that signs partials of a share that is not its own; all else passes to the honest node behind it. */
export type Liar = {
  readonly url: string
  /** From now on it lies. */
  serve(committee: KeyNodes): void
  close(): Promise<void>
}

type Behind = {
  readonly honest: string
  readonly account: LocalAccount
  readonly ciphertexts: ReadonlyMap<Hex, Ciphertext>
}

/** Starts one in front of an honest node, with that node's signing key. */
export async function startLiar(network: Network, { honest, account, ciphertexts }: Behind): Promise<Liar> {
  let committee: KeyNodes | undefined
  const server = createServer(async (incoming, response) => {
    const body = await bodyOf(incoming)
    const { method = 'GET', url = '/' } = incoming
    try {
      if (committee && url === '/v1/release') {
        const lie = await falseAnswer({ network, account, committee, ciphertexts }, body.toString())
        return void response.setHeader('content-type', 'application/json').end(lie)
      }
      const headers = { 'content-type': incoming.headers['content-type'] ?? 'application/octet-stream' }
      const passed = await fetch(`${honest}${url}`, { method, headers, ...(method !== 'GET' && { body }) })
      response.writeHead(passed.status, { 'content-type': passed.headers.get('content-type') ?? '' })
      response.end(Buffer.from(await passed.arrayBuffer()))
    } catch {
      response.destroy()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve: (known) => {
      committee = known
    },
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => void server.close(() => resolve()))
    },
  }
}

type Known = Omit<Behind, 'honest'> & { readonly network: Network; readonly committee: KeyNodes }

/** Answers everybody, also whom no patient let in: a partial with a true form, a true signature and another share. */
async function falseAnswer({ network, account, committee, ciphertexts }: Known, text: string): Promise<string> {
  const { request: json, reader } = JSON.parse(text) as {
    request: unknown
    reader: { Yr: Hex; hpkePublicKey: string }
  }
  const request = parseMessage('KeyRequest', json)
  const ct = ciphertexts.get(request.recordId)
  const me = committee.nodes.find((node) => node.account.toLowerCase() === account.address.toLowerCase())
  if (!ct || !me) throw new Error('unknown record')
  const requestHash = hashMessage(network, 'KeyRequest', request)
  const ids = { networkId: fromHex(network.networkId, 32), requestHash: fromHex(requestHash, 32) }
  const share: Bytes = new Uint8Array(32).fill(1, 0, 1)
  const { i } = me
  const { keyEpoch, groupKey } = committee
  const made = partial({ keyEpoch, i, share, groupKey }, { ...ids, ct, Yr: fromHex(reader.Yr, 32) })
  const message = {
    requestHash,
    ctHash: toHex(ctHash(ct)),
    keyEpoch,
    i,
    X_i: toHex(me.verifyingShare),
    Yr: reader.Yr,
    partialHash: toHex(partialHash(made)),
  }
  const signature = fromHex(await account.signTypedData(typedData(network, 'Partial', message)), 65)
  const to = { requestHash: ids.requestHash, hpkePublicKey: fromBase64url(reader.hpkePublicKey) }
  const sealed = await sealAnswer({ partial: made, signature }, to)
  return JSON.stringify({ keyEpoch, i, enc: toBase64url(sealed.enc), ct: toBase64url(sealed.ct) })
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  for await (const part of incoming) parts.push(part as Buffer)
  return Buffer.concat(parts)
}
