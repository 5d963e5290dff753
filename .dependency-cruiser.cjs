/**
 * The flow of a record and the trust boundaries, as import rules. Arrows only point down:
 *
 *   frontend | cli | services/*        never each other; scripts, test and bench may start any of them
 *   services/host                      under the services alone; it knows sdk/errors and nothing else
 *   sdk/flow
 *   sdk/place, sdk/chain               I/O; place stands on share, chain on the roots alone
 *   sdk/{record,person,seal,share,abe,release,search}
 *   sdk/{errors,bytes,labels,cbor,merkle,group,envelope,signed,primitives}
 *
 * Needs a TypeScript that has a compiler API (6.0.3): with TypeScript 7 it cruises 0 modules and reports success.
 * `check-imports.mjs` runs these rules and counts the modules.
 */
const roots = '(?:errors|bytes|labels|cbor|merkle|group|envelope|signed|primitives)'
const pure = '(?:record|person|seal|share|abe|release|search)'
const ours = '^(?:sdk|services|cli|frontend|contracts|scripts|test|bench)/'

/** `share` names both `sdk/src/share/` and `sdk/src/share.ts`, never `sdk/src/shared/`. */
const sdk = (names) => `^sdk/src/${names}(?:/|\\.)`

/** Code under `from` may import, of our own, only what matches `allowed`. */
const only = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  // Packages that npm put into a workspace's own node_modules are no code of ours.
  to: { path: ours, pathNot: `${allowed}|/node_modules/` },
})

/** Code under `from` may not reach `to`, however long the chain of imports. */
const blind = (name, from, to, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: to, reachable: true },
})

/** Code under `from` imports nothing of the platform (`node:*`). */
const portable = (name, from, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { dependencyTypes: ['core'] },
})

/** Code under `from` uses these npm packages and no other. */
const packages = (name, from, names) => ({
  name,
  severity: 'error',
  comment: `It stands on ${names.join(', ')} alone.`,
  from: { path: from },
  to: { path: 'node_modules/', pathNot: `node_modules/(?:${names.join('|')}|@types)/` },
})
const few = ['@noble', '@hpke', 'cborg', 'multiformats']

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'all-resolves',
      severity: 'error',
      comment: 'What does not resolve is not cruised, so no other rule would see it.',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-test-in-src',
      severity: 'error',
      from: { path: ours, pathNot: '^(?:test|bench)/|\\.test\\.tsx?$' },
      to: { path: '^test/' },
    },

    only('roots-on-roots', sdk(roots), sdk(roots), 'The roots are the bottom; they know only each other.'),
    only(
      'pure-stays-down',
      `^sdk/src/(${pure})(?:/|\\.)`,
      `^sdk/src/(?:${roots}|$1)(?:/|\\.)`,
      'A scheme knows its own folder and the roots.',
    ),
    only('place-over-share', sdk('place'), sdk(`(?:${roots}|share|place)`), 'It moves shares and checks them.'),
    only('chain-over-roots', sdk('chain'), sdk(`(?:${roots}|chain)`), 'Every service links it, so it links no scheme.'),
    only('sdk-is-the-bottom', '^sdk/', '^sdk/', 'The SDK imports nothing else of ours.'),

    portable('pure-does-no-io', sdk(pure), 'No files, no network, no clock: #primitives is the one door.'),
    portable('roots-do-no-io', sdk('(?:errors|bytes|labels|cbor|merkle|group|envelope|signed)'), 'Only primitives knows the platform.'),
    {
      name: 'primitives-by-name',
      severity: 'error',
      comment: "Import '#primitives': package.json picks the node or the browser file.",
      from: { path: '^sdk/', pathNot: sdk('primitives') },
      to: { path: sdk('primitives'), dependencyTypesNot: ['aliased-subpath-import'] },
    },
    packages('roots-on-few-packages', sdk('(?:errors|bytes|labels|cbor|merkle|group|envelope|signed)'), few),
    packages('pure-on-few-packages', sdk('(?:record|person|seal|share|release|search)'), few),
    packages('abe-on-few-packages', sdk('abe'), [...few, 'mcl-wasm']),
    packages('primitives-on-few-packages', sdk('primitives'), [...few, 'hash-wasm']),

    only('services-do-not-meet', '^services/([^/]+)/', '^(?:services/(?:$1|host)/|sdk/)', 'Services talk over HTTP.'),
    only(
      'host-knows-errors-alone',
      '^services/host/',
      '^services/host/|^sdk/src/errors\\.ts$',
      'Every service links it, so it links nothing that one of them must not know.',
    ),
    only('frontend-over-sdk', '^frontend/', '^(?:frontend|sdk)/', 'The frontend sees only the SDK.'),
    only('cli-over-sdk', '^cli/', '^(?:cli|sdk)/', 'The CLI sees only the SDK.'),

    blind(
      'reconstructor-is-blind',
      '^services/reconstructor/',
      sdk('(?:record|person|seal|abe|release|search)'),
      'It must not link what opens a record.',
    ),
    blind(
      'storage-node-is-blind',
      '^services/storage-node/',
      sdk('(?:record|person|seal|abe|release|search)'),
      'It keeps and checks shares, no more.',
    ),
    blind(
      'key-node-is-apart',
      '^services/key-node/',
      sdk('(?:place|share|seal|record|person)'),
      'It releases keys and never sees shares.',
    ),
    blind(
      'relayer-only-carries',
      '^services/relayer/',
      sdk('(?:record|person|place|share|seal|abe|release|search|flow)'),
      'It takes what is signed to the chain, and knows no record.',
    ),
    blind(
      'frontend-stores-nothing',
      '^frontend/',
      '^services/|^sdk/src/place/(?:helia|kubo|disk)(?:/|\\.)|node_modules/(?:helia|@helia|kubo-rpc-client|blockstore-fs)/',
      'A browser asks storage nodes over HTTP; it is none.',
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    // What a build of the dApp wrote copies sources that resolve nowhere.
    exclude: { path: '/\\.next/' },
    doNotFollow: { path: 'node_modules/(?!@sharewell)' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
