// Sessions with the device of these tests.
import { type DfuHabits, plainHabits } from '../../../src/main/station/dfu/habits.ts'
import { type LoaderSession, openLoader } from '../../../src/main/station/dfu/loader-session.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import { LoaderDevice, type LoaderOptions } from './loader-device.ts'

export interface Opened {
  readonly device: LoaderDevice
  readonly loader: LoaderSession
}

export const never = new AbortController().signal

export async function openTest(options: LoaderOptions = {}, habits: Partial<DfuHabits> = {}): Promise<Opened> {
  const device = new LoaderDevice(options)
  return { device, loader: await openOn(device, habits) }
}

export function openOn(device: LoaderDevice, habits: Partial<DfuHabits> = {}): Promise<LoaderSession> {
  return openLoader(device, { clock: device, signal: never, habits: { ...plainHabits, ...habits } })
}

/** The fault something ends in; null when it ends well. Anything else that is thrown is a bug and goes through. */
export async function faultOf(act: Promise<unknown>): Promise<Fault | null> {
  try {
    await act
    return null
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown
    throw thrown
  }
}
