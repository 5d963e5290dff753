import type { Reason } from './sensitivity.ts'

/** Code systems by the short names of the tables below. */
export const systems = {
  'SNOMED CT': ['http://snomed.info/sct'],
  'ICD-10-CM': ['http://hl7.org/fhir/sid/icd-10-cm', 'http://hl7.org/fhir/sid/icd-10'],
  LOINC: ['http://loinc.org'],
  RxNorm: ['http://www.nlm.nih.gov/research/umls/rxnorm'],
  'v2-0074': ['http://terminology.hl7.org/CodeSystem/v2-0074'],
} as const

/** Codes that make a resource sensitive, wherever in it they stand. Source of each: docs/spec/labels.md#value-sets. */
export type ValueSet = {
  readonly label: Reason
  readonly system: keyof typeof systems
  /** Each code means itself; in ICD-10-CM also all below it, and `A50-A64` a range of categories. */
  readonly codes: readonly string[]
}

/** Published as they stand here in docs/spec/labels.md; a test compares the two. */
export const valueSets: readonly ValueSet[] = [
  {
    label: 'mental-health',
    system: 'ICD-10-CM',
    codes: ['F01-F09', 'F20-F51', 'F53-F63', 'F68-F99', 'R45.85', 'T14.91', 'X71-X83', 'Z91.5'],
  },
  {
    label: 'mental-health',
    system: 'SNOMED CT',
    codes: [
      ...['74732009', '35489007', '370143000', '36923009', '310496002', '197480006', '80583007', '13746004'],
      ...['58214004', '191736004', '1376001', '47505003', '406506008', '192127007', '386522008', '228557008'],
      ...['86849004', '287185009', '287182007', '287193009', '287191006', '44301001', '183401008', '225337009'],
      ...['79094001', '88848003', '90407005', '304822001', '405783006', '394913002', '444175001', '394587001'],
      ...['737434004', '718347000', '736254008', '720433000', '112001000119100', '112011000119102', '372767007'],
    ],
  },
  {
    label: 'mental-health',
    system: 'LOINC',
    codes: [...['44249-1', '44261-6', '55757-9', '55758-7', '69737-5', '70274-6', '89204-2', '89206-7', '75443-2']],
  },
  { label: 'mental-health', system: 'RxNorm', codes: ['310385', '315952', '1091392', '608139'] },
  {
    label: 'substance-use',
    system: 'ICD-10-CM',
    codes: [
      ...['F10-F16', 'F18-F19', 'G31.2', 'G62.1', 'I42.6', 'K29.2', 'K70', 'K85.2', 'K86.0', 'O99.31', 'O99.32'],
      ...['R78.0', 'R78.1', 'R78.2', 'R78.3', 'R78.4', 'R78.5', 'T40', 'T51.0', 'Y90-Y91', 'Z71.4', 'Z71.5'],
    ],
  },
  {
    label: 'substance-use',
    system: 'SNOMED CT',
    codes: [
      ...['10939881000119105', '7200002', '5602001', '145121000119106', '724713006', '6525002', '1149222004'],
      ...['56876005', '60112009', '61480009', '266707007', '413473000', '425741009'],
    ],
  },
  { label: 'substance-use', system: 'LOINC', codes: ['72109-2', '75626-2', '82666-9', '82667-7', '65750-2'] },
  { label: 'substance-use', system: 'RxNorm', codes: ['352364'] },
  {
    label: 'genetic',
    system: 'ICD-10-CM',
    codes: ['D56-D57', 'E84', 'G10', 'Q90-Q99', 'Z13.7', 'Z14-Z15', 'Z31.43', 'Z31.44', 'Z31.5', 'Z84.81'],
  },
  {
    label: 'genetic',
    system: 'SNOMED CT',
    codes: [
      ...['190905008', '67799006', '444260001', '707418001', '707577004', '427089005', '230265002', '267253006'],
      '443529005',
    ],
  },
  {
    label: 'genetic',
    system: 'LOINC',
    codes: [
      ...['51967-8', '53037-8', '55233-1', '59041-4', '79716-7', '47403-1', '54447-8', '55201-8', '75034-9'],
      ...['48018-6', '48004-6', '48005-3', '51969-4', '69548-6', '81247-9'],
    ],
  },
  { label: 'genetic', system: 'v2-0074', codes: ['GE', 'CG'] },
  {
    label: 'sexual-health',
    system: 'ICD-10-CM',
    codes: [
      ...['A50-A64', 'B20', 'B97.35', 'F52', 'F64-F66', 'N46', 'N52', 'N97', 'O02-O08', 'O98.7', 'R75'],
      ...['Z11.3', 'Z11.4', 'Z20.2', 'Z20.6', 'Z21', 'Z30', 'Z33.2', 'Z70', 'Z72.5', 'Z87.890'],
    ],
  },
  {
    label: 'sexual-health',
    system: 'SNOMED CT',
    codes: [
      ...['86406008', '31676001', '310861008', '165829005', '269828009', '389095005', '169553002', '301807007'],
      ...['287664005', '267020005', '183996000', '268533009', '243077000', '10383002', '714812005', '386394001'],
      ...['161744009', '19169002', '85116003', '156073000', '35999006'],
    ],
  },
  {
    label: 'sexual-health',
    system: 'LOINC',
    codes: [
      ...['56888-1', '75622-1', '5221-7', '7917-8', '20447-9', '25836-8', '43304-5', '43305-2', '21613-5', '24111-7'],
      ...['20507-0', '5292-8', '76690-7', '76691-5'],
    ],
  },
  { label: 'sexual-health', system: 'RxNorm', codes: ['389221', '1534809'] },
  { label: 'restricted', system: 'ICD-10-CM', codes: ['T74', 'T76', 'Y07', 'Z69'] },
  { label: 'restricted', system: 'SNOMED CT', codes: ['706893006'] },
  { label: 'restricted', system: 'LOINC', codes: ['76501-6'] },
]

/**
 * Drugs whose name alone says what they treat; looked for as whole words in resources of the kind `medications`.
 * RxNorm has a code for each strength and package, so a name finds what no list of codes would.
 */
export const drugNames: readonly { readonly label: Reason; readonly names: readonly string[] }[] = [
  {
    label: 'mental-health',
    names: [
      ...['aripiprazole', 'clozapine', 'haloperidol', 'lithium', 'lurasidone', 'olanzapine', 'paliperidone'],
      ...['quetiapine', 'risperidone', 'ziprasidone', 'bupropion', 'citalopram', 'desvenlafaxine', 'duloxetine'],
      ...['escitalopram', 'fluoxetine', 'fluvoxamine', 'mirtazapine', 'paroxetine', 'sertraline', 'trazodone'],
      ...['venlafaxine', 'vortioxetine', 'atomoxetine', 'lisdexamfetamine', 'methylphenidate'],
    ],
  },
  {
    label: 'substance-use',
    names: ['acamprosate', 'buprenorphine', 'disulfiram', 'lofexidine', 'methadone', 'nalmefene', 'naltrexone'],
  },
  {
    label: 'sexual-health',
    names: [
      ...['abacavir', 'atazanavir', 'bictegravir', 'cabotegravir', 'cobicistat', 'darunavir', 'dolutegravir'],
      ...['efavirenz', 'elvitegravir', 'emtricitabine', 'maraviroc', 'raltegravir', 'rilpivirine', 'zidovudine'],
      ...['desogestrel', 'drospirenone', 'ethinyl estradiol', 'etonogestrel', 'levonorgestrel', 'medroxyprogesterone'],
      ...['norelgestromin', 'norgestimate', 'mifepristone', 'ulipristal'],
      ...['camila', 'errin', 'jolivette', 'kyleena', 'levora', 'liletta', 'mirena', 'natazia', 'nuvaring'],
      ...['seasonique', 'trinessa', 'yasmin', 'yaz'],
    ],
  },
]

/** Codes of HL7 v3-ActCode that say why a resource is sensitive. */
export const securityCodes: ReadonlyMap<string, Reason> = new Map<string, Reason>([
  ...(['PSY', 'MH', 'PSYTHPN', 'EMOTDIS', 'COGN', 'DVD'] as const).map((code) => [code, 'mental-health'] as const),
  ...(['ETH', 'SUD', 'ETHUD', 'OPIOIDUD', '42CFRPart2'] as const).map((code) => [code, 'substance-use'] as const),
  ...(['GDIS', 'SCA', 'SICKLE'] as const).map((code) => [code, 'genetic'] as const),
  ...(['SEX', 'STD', 'HIV', 'PREGNANT'] as const).map((code) => [code, 'sexual-health'] as const),
  ...(['SDV', 'MST', 'VIO', 'SPI', 'TBOO', 'IDS'] as const).map((code) => [code, 'restricted'] as const),
])
