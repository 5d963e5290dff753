import { startWholeNetwork, type WholeNetwork } from '../../helpers/whole-network.ts'
import { consentAdversaries } from './adversaries/consent.ts'
import { keyNodeAdversaries } from './adversaries/key-nodes.ts'
import { objectAdversaries } from './adversaries/objects.ts'
import { possessionAdversaries } from './adversaries/possession.ts'
import { replayAdversaries } from './adversaries/replays.ts'
import { storageAdversaries } from './adversaries/storage.ts'
import { ticketAdversaries } from './adversaries/tickets.ts'
import { workerAdversaries } from './adversaries/workers.ts'

describe('adversaries', function () {
  this.timeout(60_000)
  let whole: WholeNetwork
  before(async function () {
    this.timeout(120_000)
    whole = await startWholeNetwork({ storage: 6 })
  })
  after(() => whole.close())

  const network = () => whole
  storageAdversaries(network)
  workerAdversaries(network)
  keyNodeAdversaries(network)
  objectAdversaries(network)
  replayAdversaries(network)
  possessionAdversaries(network)
  consentAdversaries(network)
  ticketAdversaries(network)
})
