// Strings of a device that nobody vouches for: each with a deadline, all together with another, and cleaned before anybody
// sees them. What cannot be read says why.
import { Fault } from '../../../shared/fault/fault.ts'
import { cleanText } from '../../../shared/model/clean-text.ts'
import { known, type Readable, unreadable } from '../../../shared/model/identity.ts'
import type { Clock } from '../ports.ts'
import { readLanguage, readStringDescriptor } from '../usb/string-descriptor.ts'
import type { UsbDevice } from '../usb/usb-port.ts'

export interface StringWait {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Monotonic time after which nothing more is asked. */
  readonly deadline: number
}

const stringTimeoutMs = 1_000

/** Text of string `index` of an open device. Throws only when the device leaves (USB_GONE) or the signal aborts. */
export async function readDeviceString(device: UsbDevice, index: number, wait: StringWait): Promise<Readable<string>> {
  if (index === 0) return unreadable('the device has none')
  const timeoutMs = Math.min(stringTimeoutMs, wait.deadline - wait.clock.monotonic())
  if (timeoutMs <= 0) return unreadable('not asked: the device was too slow before')
  try {
    const text = cleanText((await readInItsLanguage(device, index, { timeoutMs, signal: wait.signal })) ?? '')
    return text === '' ? unreadable('the device has an empty one') : known(text)
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code === 'USB_GONE' || wait.signal.aborted) throw thrown
    return unreadable(whyNot(thrown, timeoutMs))
  }
}

/** US English is what all but a few devices have; those few are asked which language they have. */
async function readInItsLanguage(
  device: UsbDevice,
  index: number,
  options: { timeoutMs: number; signal: AbortSignal },
) {
  try {
    return await readStringDescriptor(device, index, options)
  } catch (thrown) {
    const mayBeLanguage = thrown instanceof Fault && (thrown.code === 'USB_STALL' || thrown.code === 'USB_FAILED')
    const languageId = mayBeLanguage ? await readLanguage(device, options).catch(() => null) : null
    if (languageId === null) throw thrown
    return await readStringDescriptor(device, index, { ...options, languageId })
  }
}

function whyNot({ code, detail }: Fault, timeoutMs: number): string {
  if (code === 'USB_TIMEOUT') return `the device did not answer in ${timeoutMs} ms`
  if (code === 'USB_STALL') return 'the device refuses to tell'
  return `the device answers with something else: ${detail}`
}
