import { fromUtf8, lp } from '@sharewell/sdk/bytes'
import { type LabelModule, type LabelUse, label, labels, labelText, lpLabel } from '@sharewell/sdk/labels'
import { expect } from 'chai'

const all = Object.entries(labels).flatMap(([module, uses]) =>
  uses.map((use) => [module as LabelModule, use as LabelUse<LabelModule>] as const),
)

describe('labels', () => {
  it('are all different, so that no hash serves two places', () => {
    const texts = all.map(([module, use]) => labelText(module, use))
    expect(new Set(texts).size).to.equal(texts.length)
  })

  it('are versioned ASCII', () => {
    for (const [module, use] of all) {
      expect(fromUtf8(label(module, use))).to.match(/^sharewell\/[a-z]+\/1 [a-z0-9 ]+$/)
      expect(lpLabel(module, use)).to.deep.equal(lp(label(module, use)))
    }
  })
})
