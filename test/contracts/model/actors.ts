import { credentialId } from './ids.ts'

export type Organization = { parent: string | undefined; active: boolean }
export type Credential = {
  account: string
  organization: string
  roles: number
  until: number
  retracted: boolean
}

/** Organizations and affiliations, as docs/spec/actors.md describes them. */
export class Actors {
  readonly organizations = new Map<string, Organization>()
  readonly credentials = new Map<string, Credential>()
  readonly #lists = new Map<string, string[]>()

  /** The affiliations of an account, in the order in which decisions look at them. */
  credentialsOf(account: string): readonly string[] {
    return this.#lists.get(account) ?? []
  }

  /** The organization and those above it. */
  pathOf(organization: string): string[] {
    const parent = this.organizations.get(organization)?.parent
    return [organization, ...(parent ? this.pathOf(parent) : [])]
  }

  isActive(organization: string): boolean {
    return this.pathOf(organization).every((id) => this.organizations.get(id)?.active)
  }

  isLive(id: string, at: number): boolean {
    const credential = this.credentials.get(id)
    return (
      credential !== undefined &&
      at < credential.until &&
      !credential.retracted &&
      this.isActive(credential.organization)
    )
  }

  attest(entry: Omit<Credential, 'retracted'>, time: number): string[] {
    const { account, organization, roles } = entry
    const reasons: string[] = []
    if (!this.isActive(organization)) reasons.push('ActorOrganizationInactive')
    if (bitsOf(roles).length > 4) reasons.push('ActorTooManyRoles')
    const id = credentialId(account, organization)
    const list = [...this.credentialsOf(account)]
    if (!list.includes(id)) {
      const dead = list.findLastIndex((other) => this.#isDead(other, time))
      if (dead < 0) list.push(id)
      else list[dead] = id
    }
    if (list.length > 8) reasons.push('ActorTooManyAffiliations')
    if (reasons.length > 0) return reasons
    this.#lists.set(account, list)
    this.credentials.set(id, { ...entry, retracted: false })
    return []
  }

  retract(account: string, organization: string): string[] {
    const credential = this.credentials.get(credentialId(account, organization))
    if (!credential || credential.retracted) return ['ActorNotAttested']
    credential.retracted = true
    return []
  }

  /** Whether another may take its place: over or retracted, whatever became of the organization. */
  #isDead(id: string, time: number): boolean {
    const credential = this.credentials.get(id)
    return credential === undefined || credential.retracted || credential.until <= time
  }
}

/** The bits that are set in a mask, lowest first. */
export function bitsOf(mask: number): number[] {
  return Array.from({ length: 32 }, (_, bit) => bit).filter((bit) => (mask >>> bit) & 1)
}
