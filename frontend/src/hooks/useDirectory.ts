'use client'

import { useQuery } from '@tanstack/react-query'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { type Directory, learnNames, learnOperators, readDirectory } from '@/lib/directory.ts'
import { learnGrantee, namedIn } from '@/lib/grantees.ts'
import { names } from '@/lib/names.ts'

const nobody: Directory = { organizations: [], practitioners: [] }

/** Who is who on this network. What it finds, every name on the screen is taken from. */
export function useDirectory(): Directory & { readonly isLoading: boolean; readonly error: unknown } {
  const { chain } = useNetwork()
  const { data, isLoading, error } = useQuery({
    queryKey: ['directory', chain.network.networkId],
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const directory = await readDirectory(chain, signal)
      learnNames(names, directory)
      for (const grantee of namedIn(directory)) learnGrantee(names, grantee)
      await learnOperators(chain, names, signal)
      return directory
    },
  })
  return { ...(data ?? nobody), isLoading, error }
}
