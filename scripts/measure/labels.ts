/**
 * Splits every FHIR bundle of two collections and joins it again, and counts the resources of each label. Exits with 1
 * when a resource is lost, stands in two parts, or does not come back as it was.
 *
 * @module
 */
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { type Bundle, categoryLabel, joinBundle, labels, splitBundle } from '@sharewell/sdk/record'
import { type Column, head, row, seconds } from './table.ts'

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: path.join(import.meta.dirname, '../../../shared/data') },
    help: { type: 'boolean', default: false },
  },
})
if (options.help) {
  console.log(`npm run measure labels [-- OPTIONS]

  --data FOLDER     where the folders fhir-synthea-ma and fhir-synthea-worcester-split lie (default: ../shared/data)`)
  process.exit()
}

const columns: readonly Column[] = [
  { title: 'bundle', width: 28 },
  { title: 'resources', width: 9, right: true },
  ...labels.map(({ name }): Column => ({ title: name, width: name.length, right: true })),
  { title: 's', width: 5, right: true },
]

/** How many resources of a bundle each label has, in the order of the labels; undefined where something is lost. */
function count(bundle: Bundle): readonly number[] | undefined {
  const { persona, parts } = splitBundle(bundle)
  const joined = joinBundle(persona, parts).entry ?? []
  const same = JSON.stringify(joined.map(({ resource }) => resource))
  if (same !== JSON.stringify((bundle.entry ?? []).map(({ resource }) => resource))) return undefined
  return labels.map(({ name }) => persona.order.filter((category) => categoryLabel(category) === name).length)
}

const totals = labels.map(() => 0)
let [bundles, resources, lost] = [0, 0, 0]
console.log(head(columns))
for (const folder of ['fhir-synthea-ma', 'fhir-synthea-worcester-split'])
  for (const name of (await readdir(path.join(options.data, folder))).sort()) {
    if (!/^[A-Z].*\.json(?:\.gz)?$/u.test(name)) continue
    const bytes = await readFile(path.join(options.data, folder, name))
    const bundle: Bundle = JSON.parse((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'))
    const began = performance.now()
    const counts = count(bundle)
    const took = performance.now() - began
    bundles++
    resources += bundle.entry?.length ?? 0
    if (counts === undefined) lost++
    counts?.forEach((each, at) => {
      totals[at] = (totals[at] ?? 0) + each
    })
    console.log(row(columns, [name, bundle.entry?.length ?? 0, ...(counts ?? ['LOST']), seconds(took)]))
  }
console.log(row(columns, [`${bundles} bundles`, resources, ...totals, '']))
process.exitCode = lost === 0 && bundles > 0 ? 0 : 1
