import { describe, expect, it } from 'vitest'
import { createVirtualClock } from '../../../src/main/sim/virtual-clock.ts'
import { watchPort } from '../../../src/main/station/slots/port-watch.ts'
import { deviceAt } from './devices.ts'

const wait = { timeoutMs: 1000, clock: createVirtualClock(), signal: new AbortController().signal }

describe('a port', () => {
  it('knows what is on it, and tells every change after the fact', () => {
    const seen: (number | null)[] = []
    const port = watchPort(deviceAt('1-1', 0).portPath, () => seen.push(port.current()?.deviceAddress ?? null))
    const [normal, dfu] = [deviceAt('1-1', 5), deviceAt('1-1', 6)]
    port.arrived(normal)
    port.left(normal)
    port.arrived(dfu)
    expect(seen).toEqual([5, null, 6])
  })

  it('is not emptied by the leaving of a device that another one has replaced', () => {
    const port = watchPort(deviceAt('1-1', 0).portPath, () => undefined)
    const [normal, dfu] = [deviceAt('1-1', 5), deviceAt('1-1', 6)]
    port.arrived(normal)
    port.arrived(dfu)
    port.left(normal)
    expect(port.current()).toBe(dfu)
  })

  it('waits for the device after this one, and gives null when none comes', async () => {
    const port = watchPort(deviceAt('1-1', 0).portPath, () => undefined)
    const [normal, dfu] = [deviceAt('1-1', 5), deviceAt('1-1', 6)]
    port.arrived(normal)
    expect(await port.nextDevice(null, wait)).toBe(normal)
    const next = port.nextDevice(normal, wait)
    port.left(normal)
    port.arrived(dfu)
    expect(await next).toBe(dfu)
    expect(await port.nextDevice(dfu, wait)).toBeNull()
  })
})
