// The list and the import, byte for byte as the kernel's usbip_protocol.rst describes them.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseBenchSpec } from '../../../src/main/sim/bench-spec.ts'
import { visitOf } from '../../../src/main/sim/simulated-device.ts'
import { listedDevice } from '../../../src/main/sim/usbip/listed-device.ts'
import {
  importRefusal,
  importReply,
  listReply,
  operationStatus,
  readOperation,
} from '../../../src/main/sim/usbip/operations.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import { arrival, benchOf } from '../dfu-host.ts'
import { importRequest, listRequest } from './usbip-host.ts'

async function boron() {
  const { bus } = benchOf({ platform: 'boron' })
  const device = await arrival(bus)
  const visit = visitOf(device)
  if (!visit) throw new Error('no visit')
  const { portPath } = device
  return listedDevice({ portPath, deviceAddress: 5, descriptors: visit.descriptors })
}

const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex')
const text = (value: string, sizeBytes: number) => Buffer.from(value.padEnd(sizeBytes, '\0'), 'latin1')

/** usbip_usb_device: path, bus ID, bus, device, speed 2 (full), ids, release, class, configuration 1 of 1, 3 interfaces. */
const boronBytes = Buffer.concat([
  text('/sys/devices/platform/simulated-bench/usb1/1-1.1', 256),
  text('1-1.1', 32),
  hex('00000001 00000005 00000002'),
  hex('2b04 c00d 0102'),
  hex('ef 02 01 01 01 03'),
])

describe('a request', () => {
  it('for the list is eight bytes', () => {
    expect(readOperation(listRequest)).toEqual({ request: { kind: 'list' }, sizeBytes: 8 })
    expect(readOperation(listRequest.subarray(0, 7))).toBeNull()
  })

  it('for an import names a bus ID', () => {
    const whole = importRequest('1-1.3')
    expect(readOperation(whole)).toEqual({ request: { kind: 'import', busId: '1-1.3' }, sizeBytes: 40 })
    expect(readOperation(whole.subarray(0, 39))).toBeNull()
    expect(readOperation(importRequest('x'.repeat(32)))?.request).toEqual({ kind: 'import', busId: 'x'.repeat(32) })
  })

  it.each([
    ['of another version', '0106800500000000'],
    ['of another version, by its first two bytes', '4745'],
    ['for an export', '0111800600000000'],
    ['that is a reply', '0111000500000000'],
  ])('%s is refused', (_, bytes) => {
    expect(() => readOperation(hex(bytes))).toThrow('USB/IP:')
  })

  it('may be any bytes: understood, incomplete or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (bytes, isVersionRight) => {
        const given = isVersionRight ? Buffer.concat([hex('0111'), bytes]) : Buffer.from(bytes)
        try {
          expect(readOperation(given)?.sizeBytes ?? 0).toBeLessThanOrEqual(given.length)
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Fault)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('a reply', () => {
  it('lists a Boron with its ids and its three interfaces', async () => {
    const interfaces = hex('02 02 01 00  0a 00 00 00  ff ff ff 00')
    const wanted = Buffer.concat([hex('0111 0005 00000000 00000001'), boronBytes, interfaces])
    expect(listReply([await boron()])).toEqual(wanted)
  })

  it('lists nothing where nothing is free', () => {
    expect(listReply([])).toEqual(hex('0111 0005 00000000 00000000'))
  })

  it('to an import tells the device without its interfaces', async () => {
    expect(importReply(await boron())).toEqual(Buffer.concat([hex('0111 0003 00000000'), boronBytes]))
  })

  it('that refuses is the status alone', () => {
    expect(importRefusal(operationStatus.busy)).toEqual(hex('0111 0003 00000002'))
    expect(importRefusal(operationStatus.noDevice)).toEqual(hex('0111 0003 00000004'))
  })
})

describe('a DFU device with several alternate settings', () => {
  it('is listed with one interface', async () => {
    const { bus } = benchOf({ platform: 'p2', start: 'dfu' })
    const device = await arrival(bus)
    const descriptors = visitOf(device)?.descriptors
    if (!descriptors) throw new Error('no descriptors')
    const listed = listedDevice({ portPath: device.portPath, deviceAddress: 2, descriptors })
    expect(listed.interfaces).toEqual([{ interfaceClass: 0xfe, subclass: 1, protocol: 2 }])
    expect(parseBenchSpec('p2')[0]?.portPath).toBe(listed.busId)
  })
})
