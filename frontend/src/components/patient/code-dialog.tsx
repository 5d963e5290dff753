'use client'

import { fromHex, toHex } from '@sharewell/sdk/bytes'
import { signMessage } from '@sharewell/sdk/chain'
import { encodePatientCode } from '@sharewell/sdk/person'
import { digest } from '@sharewell/sdk/primitives'
import { useMutation } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import type { ReactElement } from 'react'
import { useMemo } from 'react'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Dialog } from '@/components/ui/dialog.tsx'
import { TextArea } from '@/components/ui/field.tsx'
import { CopyButton } from '@/components/ui/hash.tsx'
import { Note } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import type { Place } from '@/hooks/usePlaces.ts'
import { useSession } from '@/hooks/useSession.ts'
import { save } from '@/lib/files.ts'
import { qrPicture, qrPng } from '@/lib/qr-draw.ts'

/** The code by which one hospital registers and finds the patient, as a picture and as text. */
export function CodeDialog({ place, onClose }: { place: Place; onClose: () => void }): ReactElement {
  const { network } = useNetwork()
  const { chainAs } = useSession()
  const code = useMutation({
    mutationFn: async () => {
      const { keys, controller, providerId, pseudonym } = place
      const selfKeyHash = toHex(await digest(keys.self.publicKey))
      const message = { pseudonym, provider: providerId, selfKeyHash }
      const signature = await signMessage(await chainAs(controller), 'Register', message)
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
        <CodeView code={code.data} />
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

function CodeView({ code }: { code: string }): ReactElement {
  const picture = useMemo(() => qrPicture(code), [code])
  const { size, path } = picture
  const download = async (): Promise<void> => save(await qrPng(picture), 'patient-code.png')
  return (
    <div className="grid gap-4">
      <svg
        role="img"
        aria-label="Patient code as a QR code"
        viewBox={`-4 -4 ${size + 8} ${size + 8}`}
        shapeRendering="crispEdges"
        className="mx-auto w-full max-w-sm rounded-xl bg-white"
      >
        <rect x="-4" y="-4" width={size + 8} height={size + 8} fill="#fff" />
        <path d={path} fill="#000" />
      </svg>
      <TextArea
        label={
          <span className="flex items-center justify-between">
            The same as text <CopyButton value={code} label="Copy the code" />
          </span>
        }
        readOnly
        rows={3}
        value={code}
        spellCheck={false}
      />
      <div>
        <Button kind="secondary" onClick={() => void download()}>
          <Download aria-hidden className="size-4" />
          Save the picture
        </Button>
      </div>
    </div>
  )
}
