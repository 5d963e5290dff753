/** What a file is, in words and numbers that are no secret. */
export type Description = { readonly kind: string } & Readonly<
  Record<string, string | number | readonly string[] | undefined>
>
