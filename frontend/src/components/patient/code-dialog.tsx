'use client'

import { fromHex, toHex } from '@sharewell/sdk/bytes'
import { signMessage } from '@sharewell/sdk/chain'
import { encodePatientCode } from '@sharewell/sdk/person'
import { digest } from '@sharewell/sdk/primitives'
import { useMutation } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Dialog } from '@/components/ui/dialog.tsx'
import { Note } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { QrView } from '@/components/ui/qr-view.tsx'
import type { Place } from '@/hooks/usePlaces.ts'
import { useSignAt } from '@/hooks/useSignAt.ts'

/** The code by which one hospital registers and finds the patient, as a picture and as text. */
export function CodeDialog({ place, onClose }: { place: Place; onClose: () => void }): ReactElement {
  const { network } = useNetwork()
  const signAt = useSignAt()
  const code = useMutation({
    mutationFn: async () => {
      const { keys, controller, providerId, pseudonym } = place
      const selfKeyHash = toHex(await digest(keys.self.publicKey))
      const message = { pseudonym, provider: providerId, selfKeyHash }
      const signature = await signMessage(await signAt(place), 'Register', message)
      return encodePatientCode({
        networkId: fromHex(network.networkId),
        providerId: fromHex(providerId),
        controller,
        rho: keys.rho,
        selfPublicKey: keys.self.publicKey,
        signature: fromHex(signature),
      })
    },
  })
  return (
    <Dialog title={`My code at ${place.name}`} onClose={onClose}>
      <p>Show this to {place.name}, or to a doctor who treats you there. It says where to ask you; it opens nothing.</p>
      {code.data ? (
        <QrView label="Patient code as a QR code" code={code.data} fileName="patient-code.png" />
      ) : (
        <>
          <p className="text-muted">Your wallet signs the code, so that only you can register it.</p>
          {code.error && <Problem error={code.error} />}
          <div>
            <Button busy={code.isPending} onClick={() => code.mutate()}>
              Make the code
            </Button>
          </div>
        </>
      )}
      <Note>For another hospital, make another code: one code for two would let everyone link them.</Note>
    </Dialog>
  )
}
