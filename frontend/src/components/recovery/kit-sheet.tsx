import { fromHex } from '@sharewell/sdk/bytes'
import { sheetAdvice, writeSheetCode } from '@sharewell/sdk/person'
import type { ReactElement } from 'react'
import { useMemo } from 'react'
import type { Hex } from 'viem'
import { QrPicture } from '@/components/ui/qr-picture.tsx'
import { qrPicture } from '@/lib/qr-draw.ts'

export type KitSheetProps = { words: string; at: number; needed: number; of: number; networkId: Hex }

/** One sheet of a recovery kit as it is printed: the code, the words, and what to do with them, for whoever holds it. */
export function KitSheet({ words, at, needed, of, networkId }: KitSheetProps): ReactElement {
  const picture = useMemo(() => qrPicture(writeSheetCode({ networkId: fromHex(networkId), words })), [words, networkId])
  const { about, owner, keeper, finder } = sheetAdvice({ needed, of })
  return (
    <article className="kit-sheet grid gap-4 rounded-xl border border-line bg-white p-4 text-[#111]">
      <h3 className="text-lg font-semibold">
        Sharewell recovery kit, sheet {at} of {of}
      </h3>
      {about.map((line) => (
        <p key={line}>{line}</p>
      ))}
      <QrPicture picture={picture} label={`Sheet ${at} as a QR code`} className="max-w-60" />
      <ol
        aria-label={`Words of sheet ${at}`}
        className="grid grid-cols-2 gap-x-4 gap-y-0.5 font-mono text-sm sm:grid-cols-3"
      >
        {numbered(words).map(({ place, word }) => (
          <li key={place} className="flex gap-2">
            <span className="w-6 text-right text-[#555] tabular-nums">{place}</span>
            {word}
          </li>
        ))}
      </ol>
      {[owner, keeper, finder].map(({ title, steps }) => (
        <section key={title} className="grid gap-1 text-sm">
          <h4 className="font-semibold">{title}</h4>
          <ol className="grid list-decimal gap-0.5 pl-5">
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </section>
      ))}
    </article>
  )
}

const numbered = (words: string) => words.split(' ').map((word, at) => ({ place: at + 1, word }))
