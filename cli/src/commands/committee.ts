import { activeEpoch, ceremonyOf, latestCeremony } from '@sharewell/sdk/chain'
import { runCeremony } from '@sharewell/sdk/flow/committee'
import { command, UsageError } from '../command.ts'
import { failureOf, progressOf, refreshWords, seatsOf } from '../network/committee.ts'
import { createNames } from '../network/names.ts'
import { actorOptions, networkOptions, openSession, openView } from '../network/session.ts'
import { painted } from '../text.ts'

/** `sharewell committee`. */
export const committee = command({
  name: 'committee',
  group: 'Organizations and staff:',
  summary: 'Show which key nodes release keys together, and whether each holds its share.',
  usage: '',
  operands: {},
  about:
    'Any k of the key nodes release the key of a record under its consent; fewer learn nothing. Their shares are ' +
    'renewed in ceremonies: the nodes open one by themselves once a month, the council whenever it is needed, such ' +
    'as after a node may have been broken into. It needs no identity.',
  examples: [['sharewell committee', 'Does every hospital hold its share?']],
  options: networkOptions,
  async run({ options, terminal, signal }) {
    const { chain } = await openView(options, signal)
    const names = createNames(chain, signal)
    const epoch = await activeEpoch(chain, { signal })
    if (!epoch) terminal.note('no committee serves yet')
    else {
      const { k, members, groupKey, epoch: number } = epoch
      const value = { type: 'committee', epoch: number, k, h: members.length, groupKey }
      terminal.result(value, `epoch ${number}: any ${k} of ${members.length} key nodes release`)
      const { seats, refresh } = await seatsOf(chain, epoch, names, signal)
      for (const seat of seats) {
        const share = painted(seat.share === 'held' ? 'good' : 'careful', words[seat.share])
        terminal.result(seat, [`  ${seat.number}  `, share, `  ${seat.organization}`])
      }
      terminal.result(refresh, refreshWords(refresh, seats))
    }
    const ceremony = await ceremonyOf(chain, { ceremony: await latestCeremony(chain, { signal }) }, { signal })
    if (ceremony?.state !== 'open' && ceremony?.state !== 'failed') return
    const { ceremony: number, epoch: makes, generation, state } = ceremony
    const value = { type: 'ceremony', ceremony: number, epoch: makes, generation, state }
    if (state === 'open') {
      const { counts, words: sentence } = await progressOf(chain, ceremony, signal)
      terminal.result({ ...value, ...counts }, sentence)
    } else {
      const { struck, words: sentence } = await failureOf(chain, ceremony, names, signal)
      terminal.result({ ...value, struck }, sentence)
    }
  },
})

const words = { held: 'holds its share', missing: 'has NO share', unreachable: 'does not answer' } as const

/** `sharewell committee run`. */
export const committeeRun = command({
  name: 'committee run',
  group: 'Organizations and staff:',
  summary: 'Carry the messages of the ceremony that is open, until its epoch serves.',
  usage: '',
  operands: {},
  about:
    'Any account may do it, from any machine: what it carries is sealed, and it can delay, nothing else. Without it ' +
    'the nodes finish by themselves, but slowly, over the chain. It begins again without who is silent past its time. ' +
    'Ctrl-C stops it; run it again to go on.',
  examples: [['sharewell committee run --key-file hospital.key', 'Bring a refresh to its end.']],
  options: actorOptions,
  async run({ options, terminal, signal }) {
    const { chain } = await openSession(options, signal)
    const ceremony = await latestCeremony(chain, { signal })
    if (ceremony === 0)
      throw new UsageError({
        problem: 'no ceremony was ever opened',
        hints: ["'sharewell committee refresh' proposes one to the council"],
      })
    const epoch = await runCeremony(
      { chain, ceremony },
      {
        signal,
        onBegin: ({ ceremony: number, dealers, members }) =>
          terminal.note(`ceremony ${number}: ${dealers.length} deal, ${members.length} will hold a share`),
      },
    )
    const { k, members, epoch: number } = epoch
    terminal.result(
      { type: 'committee', epoch: number, k, h: members.length, groupKey: epoch.groupKey },
      `epoch ${number} serves: any ${k} of ${members.length} key nodes release`,
    )
  },
})
