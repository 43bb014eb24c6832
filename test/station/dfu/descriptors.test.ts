import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDfuDescriptors } from '../../../src/main/station/dfu/descriptors.ts'
import { parseStatus, stateName, statusName } from '../../../src/main/station/dfu/status.ts'

const head = [9, 2, 0, 0, 1, 1, 0, 0xc0, 0x32]
const alternate = (number: number, string: number, face = 0) => [9, 4, face, number, 0, 0xfe, 1, 2, string]
const functional = (attributes: number, transfer: number) => [
  9,
  0x21,
  attributes,
  255,
  0,
  transfer & 0xff,
  transfer >> 8,
  0x1a,
  0x01,
]
const bytes = (...parts: number[][]) => Uint8Array.from(parts.flat())

describe('the DFU descriptors', () => {
  it('of an nRF board name interface 0, three memories and 4096 bytes', () => {
    const found = parseDfuDescriptors(
      bytes(head, alternate(0, 6), alternate(1, 7), alternate(2, 8), functional(0x0b, 4096)),
    )
    expect(found).toEqual({
      interfaceNumber: 0,
      protocol: 2,
      alternates: [
        { alternate: 0, stringIndex: 6 },
        { alternate: 1, stringIndex: 7 },
        { alternate: 2, stringIndex: 8 },
      ],
      canDownload: true,
      canUpload: true,
      isManifestationTolerant: false,
      willDetach: true,
      detachTimeoutMs: 255,
      transferBytes: 4096,
      version: 0x011a,
    })
  })

  it('are found behind other interfaces, whose own descriptors of type 0x21 do not count', () => {
    const hid = [9, 4, 0, 0, 1, 3, 0, 0, 0]
    const hidDescriptor = [9, 0x21, 0x11, 1, 0, 1, 0x22, 0x3f, 0]
    const found = parseDfuDescriptors(bytes(head, hid, hidDescriptor, alternate(0, 4, 3), functional(0x0b, 2048)))
    expect([found.interfaceNumber, found.transferBytes]).toEqual([3, 2048])
  })

  it.each([
    ['a functional descriptor of 7 bytes', [7, 0x21, 0x0b, 255, 0, 0, 8], 2048, 0x0100],
    ['a transfer size of 0', functional(0x0b, 0), 64, 0x011a],
    ['a transfer size of 0xFFFF', functional(0x0b, 0xffff), 1024, 0x011a],
    ['the accelerated bit of ST', functional(0x8b, 2048), 4096, 0x011a],
  ])('tolerate %s', (...[, descriptor, transferBytes, version]) => {
    const found = parseDfuDescriptors(bytes(head, alternate(0, 6), descriptor))
    expect([found.transferBytes, found.version]).toEqual([transferBytes, version])
  })

  it('tolerate bytes after the last whole descriptor', () => {
    expect(parseDfuDescriptors(bytes(head, alternate(0, 6), functional(0x0b, 4096), [9, 5])).transferBytes).toBe(4096)
    expect(parseDfuDescriptors(bytes(head, alternate(0, 6), functional(0x0b, 4096), [0, 0, 0])).transferBytes).toBe(
      4096,
    )
  })

  it('are refused when there is no DFU interface or no functional descriptor', () => {
    expect(() => parseDfuDescriptors(bytes(head))).toThrow('DFU_PROTOCOL: the configuration has no DFU interface')
    expect(() => parseDfuDescriptors(bytes(head, alternate(0, 6)))).toThrow('no DFU functional descriptor')
  })

  it('end in a value or a DFU_PROTOCOL fault for any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (junk) => {
        try {
          parseDfuDescriptors(junk)
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'DFU_PROTOCOL' })
        }
      }),
    )
  })
})

describe('the status of a device', () => {
  it('has an unsigned poll timeout of 24 bits', () => {
    expect(parseStatus(Uint8Array.of(0, 0xff, 0xff, 0xff, 4, 10))).toEqual({
      status: 0,
      pollTimeoutMs: 0xffffff,
      state: 4,
      stringIndex: 10,
    })
  })

  it('keeps values that no standard knows', () => {
    const odd = parseStatus(Uint8Array.of(99, 0, 0, 0, 15, 0))
    expect([statusName(odd.status), stateName(odd.state)]).toEqual(['status 99', 'state 15'])
  })

  it('must have six bytes', () => {
    expect(() => parseStatus(new Uint8Array(5))).toThrow('DFU_PROTOCOL: GETSTATUS gave 5 bytes')
  })
})
