// The URB messages, byte for byte as the kernel's usbip_protocol.rst shows them, and a reader that no bytes upset.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readUrbCommand, submitAnswer, type UrbSubmit, unlinkAnswer } from '../../../src/main/sim/usbip/urb-messages.ts'
import { Fault } from '../../../src/shared/fault/fault.ts'
import { getDescriptor, noSetup, submit, unlink } from './usbip-host.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex')

/** From the example at the end of the kernel's text: a keyboard's interrupt endpoint. */
const interruptIn = hex(`00000001 00000d05 0001000f 00000001 00000001 00000200 00000040 ffffffff 00000000
  00000004 00000000 00000000`)
const interruptOut = Buffer.concat([
  hex(`00000001 00000d06 0001000f 00000000 00000001 00000000 00000040 ffffffff 00000000
  00000004 00000000 00000000`),
  Buffer.alloc(64, 0x86),
])

function submitted(bytes: Buffer): UrbSubmit {
  const command = readUrbCommand(bytes)?.command
  if (command?.kind !== 'submit') throw new Error('no submit')
  return command
}

describe('a command', () => {
  it('of the kernel text is understood: IN', () => {
    expect(readUrbCommand(interruptIn)).toMatchObject({
      sizeBytes: 48,
      command: { kind: 'submit', sequence: 0xd05, deviceId: 0x1000f, endpoint: 0x81, lengthBytes: 64 },
    })
  })

  it('of the kernel text is understood: OUT, with its data', () => {
    const { data, endpoint } = submitted(interruptOut)
    expect([endpoint, data.length, data[63]]).toEqual([1, 64, 0x86])
  })

  it('carries its SETUP packet in the byte order of USB', () => {
    const bytes = submit({
      sequence: 1,
      setup: [0x21, 1, 0x34, 0x12, 0x02, 0x01, 4, 0],
      isIn: false,
      data: Buffer.from('abcd'),
    })
    expect(submitted(bytes)).toMatchObject({
      endpoint: 0,
      setup: { requestType: 0x21, request: 1, value: 0x1234, index: 0x0102, lengthBytes: 4 },
      data: Uint8Array.from(Buffer.from('abcd')),
    })
  })

  it('to unlink names its target', () => {
    const command = { kind: 'unlink', sequence: 9, deviceId: 5, target: 7 }
    expect(readUrbCommand(unlink(9, 7, 5))).toEqual({ sizeBytes: 48, command })
  })

  it.each([
    ['of no kind', hex('00000005').toString('latin1').padEnd(48, '\0')],
    [
      'in no direction',
      Buffer.concat([hex('00000001 00000001 00000000 00000002'), Buffer.alloc(32)]).toString('latin1'),
    ],
    ['on endpoint 16', submit({ sequence: 1, endpoint: 16 }).toString('latin1')],
    ['with a negative length', submit({ sequence: 1, lengthBytes: -1 }).toString('latin1')],
    ['with a control transfer over 65,535 bytes', submit({ sequence: 1, lengthBytes: 65_536 }).toString('latin1')],
    ['with a transfer over 1 MiB', submit({ sequence: 1, endpoint: 2, lengthBytes: 1_048_577 }).toString('latin1')],
    ['with 1025 packets', submit({ sequence: 1, packets: 1025 }).toString('latin1')],
    ['with -2 packets', submit({ sequence: 1, packets: -2 }).toString('latin1')],
  ])('%s is refused, before it is whole', (_, text) => {
    expect(() => readUrbCommand(Buffer.from(text, 'latin1'))).toThrow('USB/IP:')
  })
})

const anySubmit = fc.record({
  sequence: fc.nat(0xffffffff),
  deviceId: fc.nat(0xffffffff),
  endpoint: fc.nat(15),
  flags: fc.nat(0xffff),
  packets: fc.integer({ min: -1, max: 4 }),
  setup: fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => [...bytes]),
})
const anyOut = fc
  .tuple(anySubmit, fc.uint8Array({ maxLength: 300 }))
  .map(([given, data]) => submit({ ...given, isIn: false, data }))
const anyIn = fc
  .tuple(anySubmit, fc.nat(0xffff))
  .map(([given, lengthBytes]) => submit({ ...given, isIn: true, lengthBytes }))
const anyUnlink = fc.tuple(fc.nat(0xffffffff), fc.nat(0xffffffff)).map(([sequence, target]) => unlink(sequence, target))
const anyCommand = fc.oneof(anyOut, anyIn, anyUnlink)

describe('the reader', () => {
  it('takes any command when it is whole, not a byte earlier, and not a byte more', () => {
    fc.assert(
      fc.property(anyCommand, fc.uint8Array({ maxLength: 60 }), fc.nat(), (bytes, rest, cut) => {
        expect(readUrbCommand(Buffer.from(bytes.subarray(0, cut % bytes.length)))).toBeNull()
        expect(readUrbCommand(Buffer.concat([bytes, rest]))?.sizeBytes).toBe(bytes.length)
      }),
    )
  })

  it('meets anything with a command, a wish for more, or a refusal', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(0, 1, 2, 3), (bytes, kind) => {
        const given = Buffer.concat([Buffer.from([0, 0, 0, kind]), bytes])
        try {
          const read = readUrbCommand(given)
          if (read) expect(read.sizeBytes).toBeLessThanOrEqual(given.length)
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Fault)
          expect((thrown as Fault).code).toBe('CALL_REJECTED')
        }
      }),
      { numRuns: 1000 },
    )
  })
})

describe('an answer', () => {
  it('to a transfer is that of the kernel text, byte for byte', () => {
    const out = submitAnswer(submitted(interruptOut), { status: 0, movedBytes: 64 })
    // The text shows -1 as start frame of the answers, which Linux itself does not send; it is 0 here.
    expect(out).toEqual(
      hex(`00000003 00000d06 00000000 00000000 00000000 00000000 00000040 00000000 00000000
      00000000 00000000 00000000`),
    )
    const data = Buffer.alloc(64, 0x11)
    const back = submitAnswer(submitted(interruptIn), { status: 0, movedBytes: 64, data })
    expect(back.subarray(0, 28)).toEqual(hex('00000003 00000d05 00000000 00000000 00000000 00000000 00000040'))
    expect(back.subarray(48)).toEqual(data)
  })

  it('repeats the packet count of a transfer that is not isochronous, 0 or -1', () => {
    for (const packets of [0, -1]) {
      const command = submitted(submit({ sequence: 1, packets, setup: getDescriptor(0x0100, 18), lengthBytes: 18 }))
      expect(submitAnswer(command, { status: 0, movedBytes: 0 }).readInt32BE(32)).toBe(packets)
    }
  })

  it('to an isochronous transfer has no packets', () => {
    const command = submitted(submit({ sequence: 1, endpoint: 3, packets: 2, lengthBytes: 8, setup: noSetup }))
    expect(submitAnswer(command, { status: -22, movedBytes: 0 }).readInt32BE(32)).toBe(0)
  })

  it('to an unlink says whether the transfer was still there', () => {
    const read = readUrbCommand(unlink(8, 7))?.command
    if (read?.kind !== 'unlink') throw new Error('no unlink')
    const bytes = (status: string) => hex(`00000004 00000008 00000000 00000000 00000000 ${status} ${'00'.repeat(24)}`)
    expect(unlinkAnswer(read, true)).toEqual(bytes('ffffff98'))
    expect(unlinkAnswer(read, false)).toEqual(bytes('00000000'))
  })
})
