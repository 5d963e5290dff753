import type { Bytes } from '@sharewell/sdk/bytes'
import { createHttpStore, fromHeader, readLineage, type StorageClient, toHeader } from '@sharewell/sdk/place'
import { sha256 } from '@sharewell/sdk/primitives'
import {
  cidOf,
  encodeManifest,
  encodeRenewAnswer,
  encodeRenewAsk,
  encodeRepairAnswer,
  encodeRepairAsk,
  type Manifest,
  parseManifest,
  readRenewAnswer,
  readRenewAsk,
  readRepairAnswer,
  readRepairAsk,
} from '@sharewell/sdk/share'
import { signObject } from '@sharewell/sdk/signed'
import { deletionShape } from '../../../sdk/src/place/json.ts'
import { anchoredOf, nextOf, unverified } from '../../helpers/renewing.ts'
import { sealedRecord } from '../../helpers/sealed-record.ts'
import { type Driven, target } from '../drive.ts'
import { bitten, bittenText, type Random } from '../random.ts'
import { account, bittenCbor, bittenJson, filled, hexOf, networkId } from './samples.ts'

const status = { operator: hexOf(1, 16), hpkePublicKey: 'a2V5', blocks: 1, bytes: 2, room: true, leaving: false }
const deletion = {
  message: { recordId: hexOf(1), version: 1, operator: hexOf(2, 16), count: 3, time: 4 },
  signature: hexOf(5, 65),
}
const asks = [
  encodeRepairAsk({ terms: filled(1), first: 0, count: 1, keys: [filled(2, 1_216)], parts: [[filled(3)]] }),
  encodeRepairAsk({ terms: filled(1), first: 7, count: 2, keys: [], parts: [[], [filled(3), filled(4)]] }),
]
const said = [
  encodeRepairAnswer({ parts: [[filled(1)], [filled(2)]] }),
  encodeRepairAnswer({ unread: [1, 2] }),
  encodeRepairAnswer({ off: [0] }),
]

const renewAsks = [
  encodeRenewAsk({ terms: filled(1) }),
  encodeRenewAsk({
    terms: filled(1),
    draft: filled(2, 100),
    first: 3,
    count: 2,
    block: 7,
    leaves: filled(3, 64),
    said: [filled(4), filled(0, 0)],
    parts: [[filled(5)], []],
  }),
]
const renewSaid = [
  encodeRenewAnswer({ block: 7, leaves: filled(1, 64), said: filled(2), parts: [[filled(3)], []] }),
  encodeRenewAnswer({ unread: [0, 2] }),
]

/** A client of a node that answers with these bytes, whatever it is asked. */
const speaking = (body: Bytes, headers: Record<string, string> = {}): StorageClient =>
  createHttpStore({
    url: 'http://node',
    authorize: async () => '',
    fetch: async () => new Response(body, { headers }),
  })

/** What storage nodes and those who repair or renew with them say. */
export const storage: Readonly<Record<string, Driven>> = {
  status: target({
    make: (random) => bittenJson([status], random),
    parse: (bytes) => speaking(bytes).status(),
    codes: ['ANSWER'],
  }),
  'word of a deletion': target({
    make: (random) => bittenJson([deletion], random),
    parse: (bytes) => speaking(bytes).deleteVersions(),
    codes: ['ANSWER'],
  }),
  'word of a deletion in a header': target({
    make: (random) => bittenText([toHeader(deletion)], random),
    parse: (text) => fromHeader(text, deletionShape),
    codes: ['HEADER'],
  }),
  'what was retired': target({
    make: (random) => bittenJson([{ removed: 7 }], random),
    parse: (bytes) => speaking(bytes).retireShares(),
    codes: ['ANSWER'],
  }),
  'step of a repair': target({
    make: (random) => bittenCbor(asks, random),
    parse: readRepairAsk,
    codes: ['CBOR', 'CBOR_FIELD'],
  }),
  'answer to a step of a repair': target({
    make: (random) => bittenCbor(said, random),
    parse: async (bytes) => readRepairAnswer(await speaking(bytes).repair('sums', filled(0))),
    codes: ['CBOR', 'CBOR_FIELD'],
  }),
  'step of a renewal': target({
    make: (random) => bittenCbor(renewAsks, random),
    parse: readRenewAsk,
    codes: ['CBOR', 'CBOR_FIELD'],
  }),
  'answer to a step of a renewal': target({
    make: (random) => bittenCbor(renewSaid, random),
    parse: async (bytes) => readRenewAnswer(await speaking(bytes).renew('words', filled(0))),
    codes: ['CBOR', 'CBOR_FIELD'],
  }),
  'share-chunk with its word': target({
    make: (random) => ({ body: random.once(2) ? chunk : bitten([chunk], random), header: headerOf(random) }),
    parse: ({ body, header }) =>
      speaking(body, { 'x-sharewell-response': header }).getShare({
        cid: cidOf(sha256(chunk)),
        manifestHash: hexOf(1),
        index: 1,
        chunk: 0,
      }),
    codes: [],
  }),
}

const chunk = filled(6, 100)
/** Only what HTTP lets through: the rest never gets here. */
const headerOf = (random: Random): string =>
  bittenText([toHeader({ message: {}, signature: hexOf(7, 65) })], random).replaceAll(/[^\x21-\x7e]/g, '?')

/** Manifests that follow each other. */
export async function lineages(): Promise<Readonly<Record<string, Driven>>> {
  const policy = { n: 5, t: 3, r: 2 }
  const operators = [1, 2, 3, 4, 5].map((value) => hexOf(value, 16))
  const split = { networkId: hexOf(0xa1), uploader: account, policy, operators, dataLength: 100 }
  const record = await sealedRecord(split)
  const shares = record.manifest.T.map((_, j) => [record.parts[0]?.[j]?.body as Bytes])
  const sign = (manifest: Manifest) => signObject('manifest', encodeManifest(manifest), networkId, account)
  const next = await sign(nextOf(anchoredOf(record), unverified(policy, shares)))
  const { manifest, hash } = parseManifest(next, { networkId })
  const last = await sign(nextOf({ manifest, hash }, unverified(policy, shares)))
  const whole: readonly Bytes[] = [last, next, record.blocks.manifest]
  return {
    'manifests that follow each other': target({
      make: (random) => {
        const at = random.below(whole.length)
        if (random.once(4)) return whole.filter((_, place) => place !== at)
        if (random.once(4)) return whole.toReversed()
        return whole.map((one, place) => (place === at ? bitten([one], random) : one))
      },
      parse: (signed) => readLineage(signed, networkId),
      codes: ['MANIFEST', 'SIGNED_OBJECT', 'CBOR'],
    }),
  }
}
