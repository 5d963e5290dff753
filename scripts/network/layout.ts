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

/** Three that rebuild records and need not be trusted. An audit takes three houses beside the node's and a hospital's. */
export const reconstructorOperators = ['Meridian Compute', 'Tidewater Compute', 'Foothill Compute'] as const

/** k of the h = 5 key nodes release a record's key. */
export const releaseThreshold = 3

/** How many of the hospitals decide together: the council's k. */
export const councilThreshold = 3

/** Role masks of docs/spec/actors.md. */
const roles = { physician: 1, officer: 1 << 5, clinician: 1 << 8, reviewer: 1 << 9 } as const

/** Doctors, by the hospital that attests them. */
export const doctors = [
  {
    id: 'okafor',
    given: 'Amara',
    family: 'Okafor',
    specialty: 'Cardiology',
    hospital: 0,
    prefix: 'Dr.',
    roles: roles.physician,
  },
  {
    id: 'lindqvist',
    given: 'Jonas',
    family: 'Lindqvist',
    specialty: 'General practice',
    hospital: 1,
    prefix: 'Dr.',
    roles: roles.physician,
  },
] as const

/** Who declares emergencies, who agrees to them, and who reviews them. */
const emergencyStaff = [
  {
    id: 'marin',
    given: 'Sofia',
    family: 'Marin',
    specialty: 'Emergency medicine',
    hospital: 0,
    prefix: 'Dr.',
    roles: roles.physician | roles.clinician,
  },
  { id: 'voss', given: 'Helen', family: 'Voss', specialty: 'Emergency officer', hospital: 0, roles: roles.officer },
  { id: 'haddad', given: 'Sami', family: 'Haddad', specialty: 'Emergency officer', hospital: 1, roles: roles.officer },
  {
    id: 'reyes',
    given: 'Ana',
    family: 'Reyes',
    specialty: 'Review of emergencies',
    hospital: 0,
    roles: roles.reviewer,
  },
] as const

/** Somebody whom a hospital attests. */
export type StaffMember = {
  readonly id: string
  readonly given: string
  readonly family: string
  readonly prefix?: string
  readonly specialty: string
  readonly hospital: number
  readonly roles: number
}

/** Everybody whom a hospital attests, doctors first. */
export const staff: readonly StaffMember[] = [...doctors, ...emergencyStaff]

/** The emergency officers of a hospital. */
export const officersOf = (hospital: number): readonly StaffMember[] =>
  staff.filter((one) => one.hospital === hospital && one.roles & roles.officer)

/** Patients, the hospital that already holds their records, and the file it deposited (under demo/patients). */
export const patients = [
  { id: 'royal', name: 'Royal Purdy', hospital: 0, file: 'royal-purdy.json.gz' },
  { id: 'lenora', name: 'Lenora Hermiston', hospital: 1, file: 'lenora-hermiston.json.gz' },
  { id: 'marcy', name: 'Marcy DuBuque', hospital: 0, file: 'marcy-dubuque.json.gz' },
] as const

/** The two hospitals whose staff can be tried; each patient has a wallet account for each of them. */
export const staffedHospitals = [0, 1] as const
