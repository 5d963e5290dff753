import { listed } from './run.mjs'

/** What takes long and shows what the rest shows too, from further sides. */
const wide = new RegExp(
  `^test/(?:${[
    'cli/(?:book|committee|council|disclosures|emergencies|fault|grants|looking-after|organizations|recovery|rekeying|resume|rotation|shifts)',
    'contracts/(?:model-bugs|mutants)',
    'e2e/(?:audits|break-glass|consents|every-page|keyboard|large-file|lost-phone|own-wallet|policy|rekey|shift|terms|vault-account|who-saw)',
    'fuzz/.*',
    'sdk/(?:chain/bad-client|flow/(?:adversaries|change|post-quantum|record-proof|refresh|rekey|renewal|repair|repair-hidden|repair-moves|resume)|hostile-servers)',
    'services/(?:bad-connections|chain-fails|disk-full|key-node/(?:ceremony|ceremony-liars|refresh)|reconstructor/(?:audits|care)|relayer/chain)',
  ].join('|')})\\.test\\.ts$`,
)

/** The files of a suite below a folder, in order. */
export const chosen = async (below, pattern, widely) =>
  (await listed(below, pattern)).filter((file) => wide.test(file.replaceAll('\\', '/')) === widely)
