// Out of a running program: what goes to it, and when it is given a bus reset.
import { describe, expect, it } from 'vitest'
import { detach, resetDevice } from '../../../src/main/station/dfu/detach.ts'
import { type DfuHabits, plainHabits } from '../../../src/main/station/dfu/habits.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import { functionalBytes, head, interfaceBytes, LoaderDevice, statusBytes } from './loader-device.ts'
import { faultOf, never } from './open-test-loader.ts'

interface Program {
  readonly willDetach: boolean
  readonly timeoutMs?: number
  readonly number?: number
}

function program({ willDetach, timeoutMs = 255, number = 1 }: Program): LoaderDevice {
  const functional = functionalBytes(willDetach ? 0x0b : 0x03, 64, 0x0110)
  functional[3] = timeoutMs & 0xff
  functional[4] = timeoutMs >> 8
  const parts = [...head, 9, 4, 0, 0, 0, 0xff, 0, 0, 0, ...interfaceBytes(0, 0, { protocol: 1, number }), ...functional]
  return new LoaderDevice({ configuration: Uint8Array.from(parts), state: 0 })
}

const ask = (device: LoaderDevice, habits: Partial<DfuHabits> = {}) =>
  detach(device, { clock: device, signal: never, habits: { ...plainHabits, ...habits } })

describe('DFU_DETACH', () => {
  it('is followed by a bus reset where the device will not leave by itself', async () => {
    const device = program({ willDetach: false })
    expect(await ask(device)).toEqual({ how: 'bus reset' })
    expect(device.log.at(-1)).toEqual({ name: 'DETACH', value: 255, index: 1, lengthBytes: 0 })
    expect([device.resets, device.isOpen]).toEqual([1, false])
  })

  it('is not followed by one where the device leaves, or where that is a habit', async () => {
    const leaves = program({ willDetach: true })
    leaves.meddle = (seen, honest) => (seen.name === 'GETSTATUS' && leaves.state === 1 ? 'gone' : honest())
    expect(await ask(leaves)).toEqual({ how: 'by itself' })
    const stays = program({ willDetach: false })
    expect(await ask(stays, { noBusResetAttach: true })).toEqual({ how: 'by itself' })
    expect([leaves.resets, stays.resets]).toEqual([0, 0])
  })

  it('is sent again, with the bus reset, to a device that says it will leave and does not', async () => {
    const device = program({ willDetach: true, timeoutMs: 1000 })
    device.meddle = (seen, honest) => (seen.name === 'DETACH' ? 'ok' : honest())
    expect(await ask(device)).toEqual({ how: 'bus reset' })
    expect(device.log.filter(({ name }) => name === 'DETACH')).toHaveLength(2)
    expect(device.elapsedMs).toBeLessThan(2_000)
  })

  it('names a second where the device names no time, and has the bit that some want', async () => {
    const device = program({ willDetach: false, timeoutMs: 0, number: 3 })
    await ask(device, { indexForceDetach: true })
    expect(device.log.at(-1)).toMatchObject({ value: 1000, index: 0x103 })
  })

  it.each(['stall', 'gone'] as const)('may be answered with: %s', async (answer) => {
    const device = program({ willDetach: false })
    device.meddle = (seen, honest) => (seen.name === 'DETACH' ? answer : honest())
    expect((await ask(device)).how).toBe(answer === 'gone' ? 'by itself' : 'bus reset')
  })

  it('is not answered by a program that hangs', async () => {
    const device = program({ willDetach: false })
    device.meddle = () => 'silent'
    expect((await faultOf(ask(device)))?.code).toBe('DFU_STUCK_BUSY')
    expect(device.isOpen).toBe(false)
  })

  it('goes to programs that know nothing else', async () => {
    const device = program({ willDetach: false })
    device.meddle = (seen, honest) => (seen.name === 'GETSTATUS' ? 'stall' : honest())
    expect(await ask(device)).toEqual({ how: 'bus reset' })
  })

  it('is not sent to a device that is in DFU mode already, whatever its descriptors say', async () => {
    const device = program({ willDetach: false })
    device.state = 2
    expect(await ask(device)).toEqual({ how: 'already there' })
    expect([device.sent, device.resets]).toEqual([['GETSTATUS'], 0])
  })

  it('may bring the device into DFU mode without leaving the bus', async () => {
    const device = program({ willDetach: true })
    device.meddle = (seen, honest) =>
      seen.name === 'GETSTATUS' && device.state === 1 ? statusBytes({ state: 2 }) : honest()
    expect(await ask(device)).toEqual({ how: 'already there' })
  })

  it.each([
    ['needsBootloader', { needsBootloader: true }, 'DFU_BY_BUTTON'],
    ['noDfuRuntime', { noDfuRuntime: true }, 'DFU_BY_BUTTON'],
    ['legacyProtocol', { legacyProtocol: true }, 'DFU_OTHER_PROTOCOL'],
  ] as const)('is refused with the habit %s', async (_, habits, code) => {
    const device = program({ willDetach: false })
    expect([(await faultOf(ask(device, habits)))?.code, device.log]).toEqual([code, []])
  })

  it('is refused of a device without a DFU interface', async () => {
    const device = new LoaderDevice({ configuration: Uint8Array.from(head) })
    expect((await faultOf(ask(device)))?.code).toBe('DFU_PROTOCOL')
  })
})

describe('one more bus reset', () => {
  it('is given, and the device closed', async () => {
    const device = program({ willDetach: false })
    await resetDevice(device, never)
    expect([device.resets, device.isOpen]).toEqual([1, false])
    const stop = AbortSignal.abort(new Fault('JOB_ABORTED', 'test'))
    expect((await faultOf(resetDevice(device, stop)))?.code).toBe('JOB_ABORTED')
  })
})
