/** Between which values a result is usual; `record` when the laboratory said so, `typical` when it is our table's. */
export type Reference = {
  readonly low?: number | undefined
  readonly high?: number | undefined
  readonly source: 'record' | 'typical'
}

/**
 * Typical values for adults by LOINC code, for laboratories that send none; both sexes together, so the bounds are wide.
 * They help to read a curve and decide nothing: the screen says where a bound comes from.
 */
const typical: Readonly<Record<string, readonly [unit: string, low?: number | undefined, high?: number]>> = {
  '718-7': ['g/dL', 12, 17.5],
  '4544-3': ['%', 36, 50],
  '6690-2': ['10*3/uL', 4.5, 11],
  '789-8': ['10*6/uL', 4, 5.9],
  '787-2': ['fL', 80, 100],
  '785-6': ['pg', 27, 33],
  '786-4': ['g/dL', 32, 36],
  '777-3': ['10*3/uL', 150, 400],
  '788-0': ['%', 11.5, 14.5],
  '4548-4': ['%', 4, 5.6],
  '2339-0': ['mg/dL', 70, 99],
  '2345-7': ['mg/dL', 70, 99],
  '6299-2': ['mg/dL', 7, 20],
  '3094-0': ['mg/dL', 7, 20],
  '38483-4': ['mg/dL', 0.6, 1.3],
  '2160-0': ['mg/dL', 0.6, 1.3],
  '33914-3': ['mL/min/{1.73_m2}', 60],
  '49765-1': ['mg/dL', 8.5, 10.5],
  '17861-6': ['mg/dL', 8.5, 10.5],
  '2947-0': ['mmol/L', 135, 145],
  '2951-2': ['mmol/L', 135, 145],
  '6298-4': ['mmol/L', 3.5, 5.1],
  '2823-3': ['mmol/L', 3.5, 5.1],
  '2069-3': ['mmol/L', 98, 107],
  '2075-0': ['mmol/L', 98, 107],
  '20565-8': ['mmol/L', 22, 29],
  '2028-9': ['mmol/L', 22, 29],
  '19123-9': ['mg/dL', 1.7, 2.2],
  '2093-3': ['mg/dL', undefined, 200],
  '2571-8': ['mg/dL', undefined, 150],
  '18262-6': ['mg/dL', undefined, 130],
  '2085-9': ['mg/dL', 40],
  '2885-2': ['g/dL', 6, 8.3],
  '1751-7': ['g/dL', 3.5, 5],
  '1975-2': ['mg/dL', 0.1, 1.2],
  '6768-6': ['U/L', 40, 130],
  '1742-6': ['U/L', 7, 56],
  '1920-8': ['U/L', 8, 48],
  '14959-1': ['mg/g', undefined, 30],
  '8480-6': ['mm[Hg]', 90, 130],
  '8462-4': ['mm[Hg]', 60, 85],
  '8867-4': ['/min', 60, 100],
  '9279-1': ['/min', 12, 20],
  '39156-5': ['kg/m2', 18.5, 25],
  '8310-5': ['Cel', 36.1, 37.5],
  '2708-6': ['%', 95, 100],
  '59408-5': ['%', 95, 100],
}

/** The typical bounds for a LOINC code, only where the unit is the same. */
export function referenceFor(code: string, unit: string): Reference | undefined {
  const found = typical[code]
  return found && found[0] === unit ? { low: found[1], high: found[2], source: 'typical' } : undefined
}

/** How a value stands to its bounds. */
export function standing(value: number, reference: Reference | undefined): 'low' | 'high' | 'usual' | undefined {
  if (!reference) return undefined
  if (reference.low !== undefined && value < reference.low) return 'low'
  return reference.high !== undefined && value > reference.high ? 'high' : 'usual'
}

/** The bounds in words: "70 to 99", "below 200". */
export function boundsInWords({ low, high }: Reference): string {
  if (low !== undefined && high !== undefined) return `${low} to ${high}`
  return low !== undefined ? `${low} or more` : `up to ${high}`
}
