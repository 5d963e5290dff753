/** HTTP status of each code; everything else is this worker's own failure. */
export const statuses: Readonly<Record<string, number>> = {
  CHUNK_RANGE: 400,
  MESSAGE: 400,
  TICKET: 401,
  TICKET_POSSESSION: 401,
  SIGNATURE: 401,
  SESSION: 401,
  REBUILD_REFUSED: 403,
  REPLAY: 409,
  INCONSISTENT_RECORD: 422,
  INCONSISTENT_RENEWAL: 422,
  MANIFEST: 502,
  PLACEMENT: 502,
  LEAF_LIST: 502,
  TOO_FEW_SHARES: 503,
  BLOCKS_UNAVAILABLE: 503,
  STALE_HEAD: 503,
  // The chain at its client is another one than this network's: it was reset.
  NETWORK: 503,
  CHAIN_CALL: 503,
  // A view that reverts: no transaction is sent from here, so it is the chain client's failure.
  CONTRACT_REFUSAL: 503,
  CHAIN_TIMEOUT: 503,
}
