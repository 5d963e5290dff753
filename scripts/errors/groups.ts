import { type ErrorClass, errorClasses } from './classes.ts'
import { contractErrors } from './contracts.ts'
import { type Explained, type Group, merged } from './explained.ts'
import { httpOf, wireCodes } from './services.ts'

type Area = { readonly title: string; readonly about: string; readonly of: RegExp }

/** The first area whose pattern fits a class's file has it. */
const areas: readonly Area[] = [
  {
    title: 'Files and the command line',
    about: 'What `sharewell` says of files, folders and words on its command line.',
    of: /^cli\//,
  },
  {
    title: 'The chain and the wallet',
    about: 'Between a program and its chain client, or a person and their wallet.',
    of: /^sdk\/src\/chain\//,
  },
  {
    title: 'Records, shares and storage',
    about: 'Splitting a record, placing its shares, gathering and rebuilding it.',
    of: /^sdk\/src\/(?:share|place|merkle|record)\/|^services\/(?:storage-node|reconstructor)\//,
  },
  {
    title: 'Sealing and keys',
    about: 'Sealing and opening, key headers, release by the key nodes, vaults and codes of patients.',
    of: /^sdk\/src\/(?:seal|release|envelope|group|person|primitives)\/|^services\/key-node\//,
  },
  {
    title: 'Journeys and names',
    about: 'Deposits, retrievals, the calls to services that they are made of, and the directory.',
    of: /^sdk\/src\/flow|^services\/(?:directory|relayer)\//,
  },
  {
    title: 'Bytes and signed objects',
    about: 'What is written in another form than the specification gives.',
    of: /^sdk\/src\//,
  },
  {
    title: 'Every service',
    about: 'What any of the services answers to a request that it cannot take, or says when it starts.',
    of: /^services\/host\//,
  },
]

/** All codes, in groups. */
export async function errorGroups(): Promise<Group[]> {
  const folders = ['sdk/src', 'cli/src', ...services.map((name) => `services/${name}/src`)]
  const classes = (await Promise.all(folders.map(errorClasses)))
    .flat()
    .filter(({ explained }) => !inside.has(explained.code))
  const named = classes.map(({ explained }) => explained.code)
  const wire = wireCodes().map((one) =>
    named.includes(one.code) ? one : { ...one, http: [...one.http, ...httpOf(one.code)] },
  )
  const inClasses = areas.map((area) => ({ title: area.title, about: area.about, codes: codesOf(area, classes) }))
  return [
    {
      title: 'Answers of services',
      about: 'Refusals that a service has words of its own for, and what the consent registry decides.',
      codes: merged(wire),
    },
    ...inClasses,
    {
      title: 'Contracts',
      about: 'Custom errors of the contracts. A program of ours reports them as `CONTRACT_REFUSAL` with this name.',
      codes: merged(contractErrors()),
    },
  ]
}

const services = ['host', 'storage-node', 'reconstructor', 'key-node', 'directory', 'relayer']
/** Codes that stand for a whole table, whose entries are listed instead. */
const inside = new Set(['REFUSAL', 'ENTRY', 'LIMIT'])

function codesOf(area: Area, classes: readonly ErrorClass[]): Explained[] {
  const own = classes.filter(({ file }) => areas.find(({ of }) => of.test(file)) === area)
  return merged(own.map(({ explained }) => ({ ...explained, http: httpOf(explained.code) })))
}
