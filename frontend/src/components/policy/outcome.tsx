import { type Chance, chanceWords, nineWords, type Prospects } from '@sharewell/sdk/share'
import type { ReactElement, ReactNode } from 'react'
import { plural, quantity } from '@/lib/format.ts'
import type { PolicyDraft } from '@/lib/policy-draft.ts'

type OutcomeProps = { draft: PolicyDraft; prospects: Prospects }

/** What a choice costs, survives and hides, in six numbers. */
export function Outcome({ draft, prospects }: OutcomeProps): ReactElement {
  const { storageFactor, mayFail, rebuild, learn, almost, opens, kept } = prospects
  const { t, n, repairDays } = draft
  return (
    <dl className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
      <Figure label="Storage" value={`${Number(storageFactor.toPrecision(3))} times`}>
        the sealed record, on {plural(n, 'node')}
      </Figure>
      <Figure label="May fail" value={plural(mayFail, 'node')}>
        and the record still opens
      </Figure>
      <Figure label="Must collude to rebuild" value={plural(rebuild, 'node')}>
        the sealed bytes; the key is not among them
      </Figure>
      <Figure label="Must collude to learn anything" value={plural(learn, 'node')}>
        {t > 1 && almost > 0
          ? `of the sealed bytes; ${t - 1} hold ${Math.floor(almost * 100)} % of them`
          : 'of the sealed bytes'}
      </Figure>
      <Figure label="Opens when somebody asks" value={nineWords(opens)}>
        <Exactly chance={opens} /> of the time
      </Figure>
      <Figure label="Still there after a year" value={nineWords(kept)}>
        <Exactly chance={kept} />,{' '}
        {repairDays > 0 ? 'with repairs' : `when ${quantity(draft.yearlyLoss * 100)} of 100 nodes are lost`}
      </Figure>
    </dl>
  )
}

const Exactly = ({ chance }: { chance: Chance }): ReactElement => (
  <span className="tabular-nums">{chanceWords(chance)}</span>
)

function Figure({ label, value, children }: { label: string; value: string; children: ReactNode }): ReactElement {
  return (
    <div className="grid content-start gap-0.5">
      <dt className="text-sm text-muted">{label}</dt>
      <dd>
        <span className="block text-2xl font-semibold tabular-nums">{value}</span>
        <span className="block text-sm text-muted">{children}</span>
      </dd>
    </div>
  )
}
