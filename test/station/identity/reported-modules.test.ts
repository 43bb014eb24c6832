import DeviceOSProtobuf from '@particle/device-os-protobuf'
import { describe, expect, it } from 'vitest'
import { reportedModules } from '../../../src/main/station/identity/reported-modules.ts'
import { requestTypes } from '../../../src/main/station/identity/request-types.ts'

const hash = Uint8Array.from({ length: 32 }, (_, at) => at)

describe('the modules a board reports', () => {
  it('in the new list have a store, checks and a hash', () => {
    const [module] = reportedModules(
      [
        {
          ...{ type: 4, index: 1, version: 5600, store: 0, checkedFlags: 0x1e, passedFlags: 0x0a, hash, size: 500 },
          dependencies: [{ type: 2, version: 2400 }, { type: 1 }],
        },
      ],
      [{ type: 2, index: 1, version: 1 }],
    )
    expect(module).toEqual({
      kind: 'system',
      index: 1,
      version: 5600,
      sizeBytes: 500,
      store: 'main',
      integrity: 'passed',
      dependenciesMet: 'failed',
      range: 'passed',
      platform: 'failed',
      suffixSha256: Buffer.from(hash).toString('hex'),
      dependencies: [{ kind: 'bootloader', index: 0, version: 2400 }],
    })
  })

  it('in the new list keep what was not checked unchecked', () => {
    const [module] = reportedModules([{ type: 7, version: 5, store: 3, checkedFlags: 0, passedFlags: 0 }], [])
    expect(module).toMatchObject({ kind: 'ncp', store: 'scratchpad', integrity: 'unchecked', suffixSha256: null })
  })

  it('in the old list have other numbers, and no hash', () => {
    const old = [1, 2, 3, 4, 5, 6].map((type) => ({ type, index: 0, version: 1, size: 9, validity: 0 }))
    expect(reportedModules([], old).map((each) => each.kind)).toEqual([
      'bootloader',
      'system',
      'user',
      'mono',
      'ncp',
      'radio',
    ])
    const depends = [{ type: 1, index: 0, version: 1101 }]
    const [bad] = reportedModules([], [{ type: 2, index: 1, version: 1, size: 9, validity: 3, dependencies: depends }])
    expect(bad).toMatchObject({
      integrity: 'failed',
      dependenciesMet: 'failed',
      range: 'unchecked',
      dependencies: [{ kind: 'bootloader', index: 0, version: 1101 }],
      suffixSha256: null,
    })
  })

  it('are only those the station speaks of', () => {
    expect(reportedModules([{ type: 1 }, { type: 6 }, { type: 99 }, { type: 9, version: 1 }], [])).toHaveLength(1)
  })
})

describe('the numbers of the requests', () => {
  it.each([
    ['getDeviceId', 'GetDeviceIdRequest'],
    ['getSerialNumber', 'GetSerialNumberRequest'],
    ['getSystemVersion', 'GetSystemVersionRequest'],
    ['getSystemCapabilities', 'GetSystemCapabilitiesRequest'],
    ['getDeviceMode', 'GetDeviceModeRequest'],
    ['getProtectedState', 'GetProtectedStateRequest'],
    ['getModuleInfo', 'GetModuleInfoRequest'],
    ['startFirmwareUpdate', 'StartFirmwareUpdateRequest'],
    ['finishFirmwareUpdate', 'FinishFirmwareUpdateRequest'],
    ['cancelFirmwareUpdate', 'CancelFirmwareUpdateRequest'],
    ['firmwareUpdateData', 'FirmwareUpdateDataRequest'],
    ['getIccid', 'cellular.GetIccidRequest'],
  ] as const)('%s agrees with the message %s', (name, message) => {
    expect(requestTypes[name].type).toBe(DeviceOSProtobuf.getDefinition(message).id)
  })
})
