/**
 * The chain as everybody sees it: a pinned connection, one plain function per contract action, events, the messages that
 * accounts sign, and the contracts' refusals as typed errors. It knows no scheme, because every service links it.
 *
 * Messages, finality, time and refusals: docs/spec/chain.md.
 * @module
 */
export { ContractRefusalError, type ReadOptions } from './call.ts'
export { type Chain, connect, type Signer, walletSigner, withAccount } from './connect.ts'
export { type BlockMark, ChainCallError, StaleHeadError, type View, view } from './head.ts'
export {
  hashMessage,
  MessageError,
  messageToJson,
  parseMessage,
  SignatureError,
  type SignedMessage,
  SignerMissingError,
  signerOf,
  signMessage,
  verifyMessage,
} from './messages.ts'
export { type Contracts, type Finality, type Network, NetworkError, parseNetwork } from './network.ts'
export {
  encodeTicket,
  parseTicket,
  type Ticket,
  TicketError,
  type TicketKind,
  ticketFromJson,
  ticketToJson,
  verifyTicket,
} from './tickets.ts'
export { domainOf, type Message, type MessageKind, messageTypes, type TypedMessage, typedData } from './typed-data.ts'
export { ChainTimeoutError, type WaitOptions } from './wait.ts'
