// Replies of the newer requests: what a message says, and what is no reply.
import DeviceOSProtobuf from '@particle/device-os-protobuf'
import { expect, it } from 'vitest'
import { identify, withOpen } from '../../../src/main/station/identity/identify.ts'
import { decodeAssetInfo, isSetupDone, setSetupDone } from '../../../src/main/station/identity/requests.ts'
import { plugBoard } from '../dfu/plugged-board.ts'
import { hashOf } from '../jobs/samples.ts'

const { definitions } = DeviceOSProtobuf
const signal = new AbortController().signal

function reply(hash: Uint8Array): Uint8Array {
  return definitions.GetAssetInfoReply.encode({
    available: [{ hash, name: 'cat.txt', size: 5 }],
    required: [],
  }).finish()
}

it('an asset is named with its hash and size', () => {
  const sha256 = hashOf('a cat')
  expect(decodeAssetInfo(reply(Buffer.from(sha256, 'hex')))).toEqual({
    available: [{ name: 'cat.txt', sha256, sizeBytes: 5 }],
    required: [],
  })
})

it('an asset without a whole hash is none, and garbage is no reply', () => {
  expect(() => decodeAssetInfo(reply(new Uint8Array(20)))).toThrow(
    /CONTROL_REQUEST_FAILED: .*"cat\.txt" has no SHA-256/,
  )
  expect(() => decodeAssetInfo(Uint8Array.of(0xff, 0xff))).toThrow(/CONTROL_REQUEST_FAILED/)
})

it('the set-up flag of a Boron below Device OS 4.0.0 is what was set; a later one says always that it is done', async () => {
  await using old = plugBoard({ platform: 'boron', deviceOs: '2.0.1' })
  const device = await old.device()
  await withOpen(device, { clock: old.clock, signal }, async (link) => {
    for (const done of [true, false]) {
      await setSetupDone(link, done)
      expect(await isSetupDone(link)).toBe(done)
    }
  })
  await using late = plugBoard({ platform: 'boron', deviceOs: '4.0.2' })
  await withOpen(await late.device(), { clock: late.clock, signal }, async (link) => {
    await setSetupDone(link, true)
    await expect(setSetupDone(link, false)).rejects.toThrow(/CONTROL_REQUEST_FAILED: SetDeviceSetupDone.*not supported/)
    expect(await isSetupDone(link)).toBe(true)
  })
})

it('assets are asked for where the platform stores them, and the reason is told where nobody lists them', async () => {
  const assetsOf = async (platform: 'photon' | 'p2', deviceOs: string) => {
    await using plugged = plugBoard({ platform, deviceOs })
    return (await identify(await plugged.device(), { clock: plugged.clock, signal })).assets
  }
  expect(await assetsOf('p2', '6.3.4')).toEqual({ known: true, value: { available: [], required: [] } })
  expect(await assetsOf('p2', '5.0.0')).toEqual({ known: false, reason: 'this Device OS does not list its assets' })
  expect(await assetsOf('photon', '2.0.1')).toEqual({ known: false, reason: 'the Photon stores no assets' })
})
