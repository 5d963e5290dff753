/**
 * Who takes part in the local network. All of them are invented; the patients' records are Synthea's (demo/README.md).
 *
 * @module
 */

/** A provider that is a member: it runs a key node (and, in production, a validator). */
export const hospitals = [
  'Harbor General Hospital',
  'Riverside Medical Center',
  "St. Brigid's Hospital",
  'Northgate Children’s Hospital',
  'Lakeview Community Hospital',
] as const

/** Nine operators that keep shares; none of them is a hospital. */
export const storageOperators = [
  'Harborlight Laboratory',
  'Maple Street Pharmacy',
  'Eastfield Imaging',
  'Cedar Grove Clinic',
  'Bayview Dialysis Center',
  'Summit Rehabilitation',
  'Oldtown Family Practice',
  'Pinewood Hospice',
  'Copperfield Eye Clinic',
] as const

/** Two that rebuild records and need not be trusted. */
export const reconstructorOperators = ['Meridian Compute', 'Tidewater Compute'] as const

/** k of the h = 5 key nodes release a record's key. */
export const releaseThreshold = 3

/** How many of the hospitals decide together: the council's k. */
export const councilThreshold = 3

/** Doctors, by the hospital that attests them. */
export const doctors = [
  { id: 'okafor', given: 'Amara', family: 'Okafor', specialty: 'Cardiology', hospital: 0 },
  { id: 'lindqvist', given: 'Jonas', family: 'Lindqvist', specialty: 'General practice', hospital: 1 },
] as const

/** Patients, the hospital that already holds their records, and the file it deposited (under demo/patients). */
export const patients = [
  { id: 'royal', name: 'Royal Purdy', hospital: 0, file: 'royal-purdy.json.gz' },
  { id: 'lenora', name: 'Lenora Hermiston', hospital: 1, file: 'lenora-hermiston.json.gz' },
  { id: 'marcy', name: 'Marcy DuBuque', hospital: 0, file: 'marcy-dubuque.json.gz' },
] as const

/** The two hospitals whose staff can be tried; each patient has a wallet account for each of them. */
export const staffedHospitals = [0, 1] as const
