/** One element of a resource that is refused, by its path, and why. */
export type Refusal = { readonly element: string; readonly reason: string }

/** What is read of an object: each field that was asked for and is there. */
export type Fields<name extends string> = { readonly [key in name]?: Element | undefined }

const notFhir = 'it is not what FHIR R4 says it is'

/**
 * A place in a resource that a stranger sent. Reading goes on after a refusal, so that all of them can be told; what is
 * read below one is undefined. A field that nobody asks for is refused by its name: it may change what is meant.
 */
export class Element {
  readonly value: unknown
  readonly path: string
  readonly #refused: Refusal[]

  constructor(value: unknown, path: string, refused: Refusal[] = []) {
    this.value = value
    this.path = path
    this.#refused = refused
  }

  /** Everything that was refused in the resource so far. */
  get refused(): readonly Refusal[] {
    return this.#refused
  }

  refuse(reason: string): undefined {
    this.#refused.push({ element: this.path, reason })
  }

  /** Refuses a field that ought to be there. */
  missing(name: string, reason: string): undefined {
    this.#refused.push({ element: `${this.path}.${name.slice(0, 60)}`, reason })
  }

  /** The named fields. `ignored` ones may be there and say nothing about what is meant. */
  fields<name extends string>(names: readonly name[], ignored: readonly string[] = []): Fields<name> {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value)) {
      this.refuse(notFhir)
      return {}
    }
    const given = Object.entries(this.value)
    const known: readonly string[] = names
    for (const [name] of given)
      if (!known.includes(name) && name !== 'id' && !ignored.includes(name))
        this.missing(name, 'no consent of this network can hold it')
    return Object.fromEntries(
      given.flatMap(([name, value]) =>
        known.includes(name) ? [[name, new Element(value, `${this.path}.${name}`, this.#refused)] as const] : [],
      ),
    ) as Fields<name>
  }

  /** The items of a list; none where it is no list or an empty one, which FHIR does not write. */
  items(): readonly Element[] {
    if (!Array.isArray(this.value) || this.value.length === 0) {
      this.refuse(notFhir)
      return []
    }
    return this.value.map((item, at) => new Element(item, `${this.path}[${at}]`, this.#refused))
  }

  text(): string | undefined {
    if (typeof this.value === 'string' && this.value !== '') return this.value
    return this.refuse(notFhir)
  }

  /** The codes of a CodeableConcept or a Coding as `system|code`; all of them mean the same. */
  codes(): readonly string[] {
    const { coding, text, system, code } = this.fields(['coding', 'text', 'system', 'code'], codingRest)
    if (coding) return coding.items().flatMap((one) => one.#code(one.fields(['system', 'code'], codingRest)))
    if (text && !code) return this.refuse('it is words without a code') ?? []
    return this.#code({ system, code })
  }

  #code({ system, code }: Fields<'system' | 'code'>): readonly string[] {
    if (typeof system?.value === 'string' && typeof code?.value === 'string') return [`${system.value}|${code.value}`]
    return this.refuse(notFhir) ?? []
  }
}

const codingRest = ['version', 'display', 'userSelected']
