/** Thrown when somebody else was asked. */
export class NotTheOfficerError extends Error {
  override readonly name = 'NotTheOfficerError'
  readonly code = 'NOT_THE_OFFICER'

  constructor() {
    super('The request names another officer.')
  }
}

/** Thrown when the officer's key is none that the hospital named. */
export class OfficerKeyError extends Error {
  override readonly name = 'OfficerKeyError'
  readonly code = 'OFFICER_KEY'

  constructor() {
    super('The key is none of an officer whom the hospital names now.')
  }
}

/** Thrown when a request belongs to another emergency than the one that is looked at. */
export class OtherEmergencyError extends Error {
  override readonly name = 'OtherEmergencyError'
  readonly code = 'OTHER_EMERGENCY'

  constructor() {
    super('The request belongs to another emergency.')
  }
}
