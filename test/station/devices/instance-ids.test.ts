// Names and GUIDs of devices, against answers that fwupd itself gives: its self-tests, its documentation, and what its
// tool (2.0.20) printed of a camera with two names.
import { describe, expect, it } from 'vitest'
import { guidOf, instancesOf, quirkNamesOf } from '../../../src/main/station/devices/instance-ids.ts'

describe('the GUID of a name', () => {
  it.each([
    ['python.org', '886313e1-3b8a-5372-9b90-0c9aee199e5d'],
    ['8086:0406', '1fbd1f2c-80f4-5d7c-a6ad-35c7b9bd5486'],
    ['USB\\VID_273F&PID_1004', '2fa8891f-3ece-53a4-adc4-0dd875685f30'],
    ['USB\\VID_13D3&PID_5405', '9284c551-0b4c-51ee-905a-168b8787290c'],
    ['USB\\VID_13D3&PID_5405&REV_6004', '6f7c4f56-0085-5aa6-b443-823852a1cdbc'],
    ['CPUID\\PRO_0&FAM_06', '30249f37-d140-5d3e-9319-186b1bd5cac3'],
  ])('of %s is %s', (name, guid) => {
    expect(guidOf(name)).toBe(guid)
  })

  it('is another one for small letters', () => {
    expect(guidOf('USB\\VID_273F&PID_1004')).not.toBe(guidOf('usb\\vid_273f&pid_1004'))
  })
})

describe('the names of a device', () => {
  it('are its revision and its product, in capitals and with leading zeros', () => {
    expect(instancesOf({ vendorId: 0x13d3, productId: 0x5405, deviceRelease: 0x6004 })).toEqual([
      { instanceId: 'USB\\VID_13D3&PID_5405&REV_6004', guid: '6f7c4f56-0085-5aa6-b443-823852a1cdbc' },
      { instanceId: 'USB\\VID_13D3&PID_5405', guid: '9284c551-0b4c-51ee-905a-168b8787290c' },
    ])
    const names = instancesOf({ vendorId: 0x3, productId: 0xab, deviceRelease: 0 }).map((each) => each.instanceId)
    expect(names).toEqual(['USB\\VID_0003&PID_00AB&REV_0000', 'USB\\VID_0003&PID_00AB'])
  })

  it('under which quirks are looked up go from the class of an interface over the vendor to the revision', () => {
    const dfu = [9, 4, 0, 0, 0, 0xfe, 1, 2, 4]
    const configuration = () => Uint8Array.from([9, 2, 27, 0, 1, 1, 0, 0x80, 50, ...dfu, ...dfu])
    expect(quirkNamesOf({ vendorId: 0x1209, productId: 1, deviceRelease: 0x0100, configuration })).toEqual([
      'USB\\CLASS_FE',
      'USB\\CLASS_FE&SUBCLASS_01',
      'USB\\CLASS_FE&SUBCLASS_01&PROT_02',
      'USB\\VID_1209',
      'USB\\VID_1209&PID_0001',
      'USB\\VID_1209&PID_0001&REV_0100',
    ])
  })

  it('need no configuration: a device that has just left keeps those of its ids', () => {
    const configuration = () => {
      throw new Error('gone')
    }
    const ids = { vendorId: 0x1209, productId: 1, deviceRelease: 0x0100 }
    expect(quirkNamesOf({ ...ids, configuration })).toEqual(quirkNamesOf(ids))
  })
})
