// A simple drawn board: where the hand goes, which button is held or pressed, and the light to wait for. Drawn by us, to
// no scale; the words beside it say the same.
import { handWork } from '../../text/hand-work.ts'
import styles from './hand-panel.module.css'
import type { HandWork } from './hand-work.ts'

const line = { fill: 'none', stroke: 'currentColor', strokeWidth: 3 } as const

export function BoardPicture({ work }: { readonly work: HandWork }) {
  return (
    <svg
      className={styles['picture']}
      viewBox="0 0 320 250"
      role="img"
      aria-label={handWork.pictureOf(work.button, handWork.lights[work.light])}
    >
      <Outline body={work.body} />
      <UsbSocket />
      <PushButton x={92} name={work.button} act={work.holdsButton ? handWork.hold : null} />
      <PushButton x={228} name={handWork.reset} act={work.pressesReset ? handWork.press : null} />
      <BoardLight light={work.light} />
    </svg>
  )
}

function Outline({ body }: Pick<HandWork, 'body'>) {
  switch (body) {
    case 'photon':
      return (
        <>
          <rect x="40" y="34" width="240" height="180" rx="10" {...line} />
          <rect x="120" y="164" width="80" height="40" rx="4" {...line} strokeWidth={2} />
          <Pins from={52} to={268} y={206} />
        </>
      )
    case 'long':
      return (
        <>
          <rect x="24" y="34" width="272" height="196" rx="22" {...line} />
          <rect x="110" y="164" width="100" height="52" rx="4" {...line} strokeWidth={2} />
          <circle cx="240" cy="200" r="9" {...line} strokeWidth={2} />
          <circle cx="80" cy="200" r="9" {...line} strokeWidth={2} />
        </>
      )
    case 'module':
      return (
        <>
          <rect x="8" y="34" width="304" height="208" rx="4" {...line} />
          <rect x="96" y="164" width="128" height="66" rx="4" {...line} />
          <path d="M110 230v8M130 230v8M150 230v8M170 230v8M190 230v8M210 230v8" {...line} strokeWidth={2} />
        </>
      )
  }
}

function Pins({ from, to, y }: { readonly from: number; readonly to: number; readonly y: number }) {
  const places = Array.from({ length: 5 }, (_, at) => from + ((to - from) * at) / 4)
  return places.filter((x) => x < 112 || x > 208).map((x) => <circle key={x} cx={x} cy={y - 6} r="4" {...line} />)
}

function UsbSocket() {
  return (
    <>
      <rect x="132" y="14" width="56" height="34" rx="4" fill="currentColor" />
      <text x="160" y="37" className={styles['onDark']}>
        {handWork.usb}
      </text>
    </>
  )
}

interface PushButtonProps {
  readonly x: number
  readonly name: string
  /** What the finger does; null: it is left alone. */
  readonly act: string | null
}

function PushButton({ x, name, act }: PushButtonProps) {
  return (
    <g data-act={act !== null || undefined} className={styles['push']}>
      <rect x={x - 24} y="88" width="48" height="36" rx="5" {...line} />
      <circle cx={x} cy="106" r="11" className={styles['knob']} />
      <text x={x} y="144">
        {name}
      </text>
      {act !== null && (
        <>
          <path d={`M${x} 72v12M${x - 7} 77l7 8 7-8`} className={styles['arrow']} />
          <text x={x} y="68" className={styles['act']}>
            {act}
          </text>
        </>
      )}
    </g>
  )
}

function BoardLight({ light }: Pick<HandWork, 'light'>) {
  return (
    <g className={styles['light']} data-light={light}>
      <path d="M160 84v-9M160 128v9M138 106h-9M182 106h9M144 90l-6-6M176 90l6-6M144 122l-6 6M176 122l6 6" />
      <circle cx="160" cy="106" r="13" />
    </g>
  )
}
