// What a board shows of itself on USB, byte for byte beside what the simulated board of its platform shows. Strings are
// compared as text; the state string of recent bootloaders is only told, for it says what the board is, not its kind.

import type { SimSetup } from '../../src/main/sim/board-parts.ts'
import { layouts } from '../../src/main/sim/layouts.ts'
import type { DeviceDescriptors } from '../../src/main/sim/usb/descriptors.ts'
import { dfuDescriptors } from '../../src/main/sim/usb/dfu-descriptors.ts'
import { answerMicrosoft } from '../../src/main/sim/usb/microsoft-os.ts'
import { normalDescriptors } from '../../src/main/sim/usb/normal-descriptors.ts'
import { withOpen } from '../../src/main/station/identity/identify.ts'
import type { UsbDevice } from '../../src/main/station/usb/usb-port.ts'
import { Fault } from '../../src/shared/fault/fault.ts'
import type { BoardMode } from '../../src/shared/model/identity.ts'
import { timeModelOf } from './model.ts'
import { modeOf, type WalkedBoard, waiting } from './walked-board.ts'

export interface ShownDifference {
  readonly what: string
  readonly found: string
  readonly simulator: string
}

/** A control read: name, setup packet, what the simulated board answers. */
interface Question {
  readonly what: string
  readonly setup: SimSetup
  readonly expected: Uint8Array
  readonly isText?: true
}

const deviceStateIndex = 0xfa
const readLimitMs = 2_000
const mostBytes = 1024
const languageId = 0x0409

/** The differences in the mode that the board is in; null where no such board is simulated. */
export async function differencesShown(board: WalkedBoard): Promise<readonly ShownDifference[] | null> {
  const mode = modeOf(board)
  const expected = expectedOf(board, mode)
  if (!expected) return null
  const found: ShownDifference[] = []
  await withOpen(board.port.device(), waiting, async ({ device }) => {
    for (const question of questionsFor(expected)) {
      const answer = await ask(device, question.setup)
      const isEqual = answer instanceof Uint8Array && Buffer.from(answer).equals(question.expected)
      if (isEqual) continue
      const shown = answer instanceof Uint8Array ? show(question, answer) : answer
      found.push({ what: `${question.what}, ${mode} mode`, found: shown, simulator: show(question, question.expected) })
    }
  })
  return found
}

function expectedOf({ platform, deviceId }: WalkedBoard, mode: BoardMode): DeviceDescriptors | null {
  const layout = timeModelOf(platform)?.layout
  if (!layout) return null
  if (mode === 'normal') return normalDescriptors(layout, deviceId)
  return dfuDescriptors({
    layout: layouts[layout.platform],
    serialText: deviceId,
    protection: 'open',
    tellsDeviceState: false,
  })
}

function questionsFor(expected: DeviceDescriptors): readonly Question[] {
  const descriptor = (type: number, index: number, language = 0): SimSetup => ({
    requestType: 0x80,
    request: 6,
    value: (type << 8) | index,
    index: language,
    lengthBytes: mostBytes,
  })
  const strings = [...expected.strings].filter(([index]) => index !== deviceStateIndex)
  return [
    { what: 'device descriptor', setup: descriptor(1, 0), expected: expected.device },
    { what: 'configuration descriptor', setup: descriptor(2, 0), expected: expected.configuration },
    ...strings.map(([index, bytes]): Question => {
      const isPlain = index !== 0 && index !== 0xee
      const setup = descriptor(3, index, index === 0 ? 0 : languageId)
      return { what: `string ${index}`, setup, expected: bytes, ...(isPlain && { isText: true }) }
    }),
    ...microsoft(expected),
  ]
}

/** The two requests by which Windows binds WinUSB. */
function microsoft(expected: DeviceDescriptors): readonly Question[] {
  if (expected.microsoft === null) return []
  const { interfaceNumber } = expected.microsoft
  const setups: readonly (readonly [string, SimSetup])[] = [
    ['compatible ID', { requestType: 0xc0, request: 0xee, value: 0, index: 4, lengthBytes: mostBytes }],
    ['interface GUID', { requestType: 0xc1, request: 0xee, value: interfaceNumber, index: 5, lengthBytes: mostBytes }],
  ]
  return setups.flatMap(([name, setup]) => {
    const answer = answerMicrosoft(setup, expected)
    return answer?.kind === 'data' ? [{ what: `Microsoft ${name}`, setup, expected: answer.data }] : []
  })
}

async function ask(device: UsbDevice, { lengthBytes, ...setup }: SimSetup): Promise<Uint8Array | string> {
  try {
    return await device.controlIn(setup, lengthBytes, { timeoutMs: readLimitMs, signal: waiting.signal })
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code !== 'USB_GONE') return thrown.code
    throw thrown
  }
}

function show(question: Question, bytes: Uint8Array): string {
  if (question.isText) return JSON.stringify(Buffer.from(bytes.subarray(2)).toString('utf16le'))
  return Buffer.from(bytes).toString('hex')
}
