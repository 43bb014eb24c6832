// Identity and control requests against the product's simulated boards, one of each family.
import { describe, expect, it } from 'vitest'
import { buildModule } from '../../../src/main/sim/synthetic/build-module.ts'
import { releaseModules } from '../../../src/main/sim/synthetic/releases.ts'
import { identify, readDeviceId, withOpen } from '../../../src/main/station/identity/identify.ts'
import { rawDeviceId, rawReset, rawSystemVersion } from '../../../src/main/station/identity/raw-requests.ts'
import {
  enterDfu,
  getDeviceId,
  getDeviceMode,
  getSystemCapabilities,
  resetBoard,
} from '../../../src/main/station/identity/requests.ts'
import { updateFirmware } from '../../../src/main/station/identity/update-firmware.ts'
import { usbIdentityOf } from '../../../src/main/station/identity/usb-identity.ts'
import { noise } from '../dfu/boards.ts'
import { plugBoard } from '../dfu/plugged-board.ts'

const signal = new AbortController().signal
const platforms = ['photon', 'boron', 'p2'] as const

describe.each(platforms)('a simulated %s', (platform) => {
  it('says who it is while Device OS runs', async () => {
    await using plugged = plugBoard({ platform })
    const device = await plugged.device()
    const board = await identify(device, { clock: plugged.clock, signal })
    const facts = plugged.board.facts()
    expect(board).toMatchObject({
      portPath: device.portPath,
      mode: 'normal',
      platform,
      deviceId: facts.deviceId,
      serialNumber: { known: true, value: facts.serialNumber },
      deviceOsVersion: { known: true },
      isProtected: { known: true, value: false },
    })
    const names = board.modules.known ? board.modules.value.map((each) => `${each.kind} ${each.index}`) : []
    expect(names).toEqual(expect.arrayContaining(['bootloader 0', 'system 1']))
    const notCellular = { known: false, reason: 'not a cellular board' }
    if (platform === 'boron') expect(board.iccid).toEqual({ known: true, value: facts.iccid })
    else expect([board.iccid, board.imei]).toEqual([notCellular, notCellular])
  })

  it('says in DFU mode only what a bootloader can, and why not the rest', async () => {
    await using plugged = plugBoard({ platform, start: 'dfu' })
    const board = await identify(await plugged.device(), { clock: plugged.clock, signal })
    const silent = { known: false, reason: 'board is in DFU mode' }
    expect(board).toMatchObject({ mode: 'dfu', platform, deviceId: plugged.board.facts().deviceId })
    expect([board.serialNumber, board.deviceOsVersion, board.modules, board.iccid]).toEqual(Array(4).fill(silent))
    expect(board.isProtected).toEqual({ known: true, value: false })
  })

  it('goes into DFU when asked, and comes back as the same board', async () => {
    await using plugged = plugBoard({ platform })
    const device = await plugged.device()
    const comesBack = plugged.nextDevice()
    await withOpen(device, { clock: plugged.clock, signal }, enterDfu)
    const back = await comesBack
    expect(usbIdentityOf(back)).toEqual({ kind: 'board', platform, mode: 'dfu' })
    expect(await readDeviceId(back, { clock: plugged.clock, signal })).toBe(plugged.board.facts().deviceId)
  })

  it('resets when asked, by either kind of request', async () => {
    await using plugged = plugBoard({ platform })
    const options = { clock: plugged.clock, signal }
    for (const act of [resetBoard, (link: Parameters<typeof rawReset>[0]) => rawReset(link, platform)]) {
      const device = await plugged.device()
      const comesBack = plugged.nextDevice()
      await withOpen(device, options, act)
      expect(usbIdentityOf(await comesBack)).toMatchObject({ mode: 'normal' })
    }
  })

  it('answers the small requests', async () => {
    await using plugged = plugBoard({ platform, deviceOs: platform === 'photon' ? '2.3.1' : '5.6.0' })
    await withOpen(await plugged.device(), { clock: plugged.clock, signal }, async (link) => {
      const { deviceId } = plugged.board.facts()
      expect([await getDeviceId(link), await rawDeviceId(link)]).toEqual([deviceId, deviceId])
      expect(await rawSystemVersion(link)).toBe(platform === 'photon' ? '2.3.1' : '5.6.0')
      expect(await getDeviceMode(link)).toBe('normal')
      expect(await getSystemCapabilities(link)).toHaveProperty('compressedOta')
    })
  })

  it('takes a bootloader by requests, resets, and reports the new version', async () => {
    const release = { photon: '2.3.1', boron: '4.0.2', p2: '5.6.0' }[platform]
    const spec = releaseModules(platform, release, 'test').find(({ spec }) => spec.kind === 'bootloader')?.spec
    if (!spec) expect.fail('the release has no bootloader')
    await using plugged = plugBoard({ platform, deviceOs: release })
    const options = { clock: plugged.clock, signal }
    const newer = { ...spec, version: spec.version + 1 }
    const device = await plugged.device()
    const comesBack = plugged.nextDevice()
    const startedAt = plugged.clock.monotonic()
    await withOpen(device, options, (link) => updateFirmware(link, buildModule(newer)))
    expect(plugged.clock.monotonic() - startedAt).toBeLessThan(10_000)
    await comesBack
    await plugged.clock.sleep(15_000)
    const board = await identify(await plugged.device(), options)
    const found = board.modules.known
      ? board.modules.value.find(({ kind, index }) => kind === 'bootloader' && index === 0)
      : null
    expect(found?.version).toBe(newer.version)
  })

  it('refuses an update that is no module, by name, and takes the next request', async () => {
    await using plugged = plugBoard({ platform })
    await withOpen(await plugged.device(), { clock: plugged.clock, signal }, async (link) => {
      const mode = await getDeviceMode(link)
      const sent: number[] = []
      const onProgress = ({ doneBytes }: { doneBytes: number }) => void sent.push(doneBytes)
      await expect(updateFirmware(link, noise(2500), { onProgress })).rejects.toMatchObject({
        code: 'UPDATE_REFUSED',
        detail: expect.stringMatching(/^FinishFirmwareUpdate: .+ \(-13\d\d\)$/),
      })
      expect(sent).toEqual([1024, 2048, 2500])
      expect(await getDeviceMode(link)).toBe(mode)
    })
  })
})

describe('a simulated boron', () => {
  it('reports its IMEI from Device OS 5.8.0 on, and says so before', async () => {
    const imeiOf = async (deviceOs: string) => {
      await using plugged = plugBoard({ platform: 'boron', deviceOs })
      const board = await identify(await plugged.device(), { clock: plugged.clock, signal })
      return { imei: board.imei, expected: plugged.board.facts().imei, version: board.deviceOsVersion }
    }
    const old = await imeiOf('4.0.2')
    expect(old.imei).toEqual({ known: false, reason: 'Device OS 4.0.2 does not report IMEI' })
    const fresh = await imeiOf('6.2.1')
    expect(fresh.imei).toEqual({ known: true, value: fresh.expected })
  })

  it('is not asked a second time for what its modem said', async () => {
    await using plugged = plugBoard({ platform: 'boron', deviceOs: '4.0.2' })
    const device = await plugged.device()
    const options = { clock: plugged.clock, signal }
    const vendorTransfers = () => plugged.board.account().transfersByRequest['vendor'] ?? 0
    const before = await identify(device, options)
    const first = vendorTransfers()
    const startedAt = plugged.clock.monotonic()
    const again = await identify(device, { ...options, before })
    expect([again.iccid, again.imei]).toEqual([before.iccid, before.imei])
    expect(vendorTransfers() - first).toBeLessThan(first)
    expect(plugged.clock.monotonic() - startedAt).toBeLessThan(200)
  })

  it.each([
    ['4.0.2', { known: false, reason: 'Device OS 4.0.2 does not report IMEI' }, 200],
    ['6.2.1', { known: true }, 10_000],
  ] as const)('after a flash to %s its modem is asked again only where it may say more', async (deviceOs, imei, ms) => {
    await using plugged = plugBoard({ platform: 'boron', deviceOs })
    const device = await plugged.device()
    const options = { clock: plugged.clock, signal }
    const now = await identify(device, options)
    const old = { known: false, reason: 'Device OS 2.0.1 does not report IMEI' } as const
    const before = { ...now, imei: old, deviceOsVersion: { known: true, value: '2.0.1' } } as const
    const startedAt = plugged.clock.monotonic()
    const after = await identify(device, { ...options, before })
    expect(after.imei).toMatchObject(imei)
    expect(after.iccid).toEqual(now.iccid)
    expect(plugged.clock.monotonic() - startedAt).toBeLessThan(ms)
  })

  it('reports hashes from Device OS 5.6.0 on', async () => {
    const hashesOf = async (deviceOs: string) => {
      await using plugged = plugBoard({ platform: 'boron', deviceOs })
      const board = await identify(await plugged.device(), { clock: plugged.clock, signal })
      return board.modules.known ? board.modules.value.map((each) => each.suffixSha256 !== null) : []
    }
    expect(await hashesOf('4.0.2')).not.toContain(true)
    expect(await hashesOf('6.2.1')).toContain(true)
  })
})

describe('a protected board', () => {
  it.each([
    { platform: 'boron', start: 'normal', deviceOs: '6.2.1' },
    { platform: 'boron', start: 'dfu', deviceOs: '6.2.1' },
    { platform: 'boron', start: 'dfu', deviceOs: '4.0.2' },
    { platform: 'p2', start: 'dfu', deviceOs: '5.6.0' },
  ] as const)('$platform is known as such in $start mode with Device OS $deviceOs', async (wanted) => {
    await using plugged = plugBoard({ ...wanted, protected: true })
    const board = await identify(await plugged.device(), { clock: plugged.clock, signal })
    expect([board.mode, board.isProtected]).toEqual([wanted.start, { known: true, value: true }])
    expect(board.serialNumber.known).toBe(false)
  })

  it('in service mode can be served', async () => {
    for (const start of ['normal', 'dfu'] as const) {
      await using plugged = plugBoard({ platform: 'boron', start, deviceOs: '6.2.1', protected: 'service' })
      const board = await identify(await plugged.device(), { clock: plugged.clock, signal })
      expect(board.isProtected).toEqual({ known: true, value: false })
    }
  })

  it('refuses DFU as DEVICE_PROTECTED, and gives its version by the raw request', async () => {
    await using plugged = plugBoard({ platform: 'boron', protected: true, deviceOs: '6.2.1' })
    const device = await plugged.device()
    const board = await identify(device, { clock: plugged.clock, signal })
    expect(board.deviceOsVersion).toEqual({ known: true, value: '6.2.1' })
    expect(board.serialNumber).toEqual({ known: false, reason: 'board is in security mode' })
    const asked = withOpen(device, { clock: plugged.clock, signal }, enterDfu)
    await expect(asked).rejects.toMatchObject({ code: 'DEVICE_PROTECTED' })
  })
})
