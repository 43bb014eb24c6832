// Particle's own client at the simulated boards: npm particle-usb, unchanged, through libusb and the kernel. It shares
// no line with the station or the simulator, so what it cannot do here and could on a real board is an error of the
// simulator. What it cannot do for a reason of its own is said in the name of the test.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { DeviceProtectionError, getDevices, type ParticleDevice, RequestError, UsbError } from 'particle-usb'
import { makeFacts } from '../../src/main/sim/board-identity.ts'
import { releaseModules } from '../../src/main/sim/synthetic/releases.ts'
import { assetModule } from '../sim/assets/asset-files.ts'
import { Bench } from './bench.ts'
import { letGo, withBoard } from './particle-client.ts'

const boards = [
  { platform: 'boron', deviceOs: '2.0.1' },
  { platform: 'p2', deviceOs: '5.0.0' },
  { platform: 'photon', deviceOs: '2.0.1' },
  { platform: 'boron', deviceOs: '6.2.1' },
  { platform: 'boron', deviceOs: '6.2.1', protected: true },
] as const
const [boron, p2, photon, newBoron, lockedBoron] = boards.map(({ platform }, index) => makeFacts(platform, index)) as [
  Facts,
  Facts,
  Facts,
  Facts,
  Facts,
]
type Facts = ReturnType<typeof makeFacts>
/** 20 times as fast as real boards: particle-usb's own pauses are half a second each. */
const speed = 20
const listLimitMs = 20_000

let bench: Bench

async function listed(count: number): Promise<readonly ParticleDevice[]> {
  const limit = performance.now() + listLimitMs
  for (;;) {
    const devices = await getDevices()
    if (devices.length >= count || performance.now() > limit) return devices
    await pause(50)
  }
}

before(async () => {
  bench = new Bench()
  await bench.simulate({ format: 'dfu-station-bench', version: 1, boards }, speed)
})

after(() => {
  bench.end()
  letGo()
})

describe('particle-usb with boards in normal mode', () => {
  it('lists them by kind', async () => {
    const devices = await listed(boards.length)
    assert.deepEqual(devices.map(({ type }) => type).sort(), boards.map(({ platform }) => platform).sort())
    assert.deepEqual([...new Set(devices.map(({ isInDfuMode }) => isInDfuMode))], [false])
  })

  for (const [index, { platform, deviceOs }] of boards.slice(0, 4).entries()) {
    it(`opens a ${platform} with Device OS ${deviceOs} by its ID and identifies it`, async () => {
      const { deviceId, serialNumber } = makeFacts(platform, index)
      await withBoard(deviceId, 'normal', async (device) => {
        assert.equal(device.firmwareVersion, deviceOs)
        assert.equal(await device.getDeviceId(), deviceId)
        assert.equal(await device.getSerialNumber(), serialNumber)
        // No one has set it up: before Device OS 4.0.0 an nRF board waits for that.
        const isListening = platform === 'boron' && deviceOs === '2.0.1'
        assert.equal(await device.getDeviceMode(), isListening ? 'LISTENING' : 'NORMAL')
      })
    })

    it(`reads the modules of a ${platform} with Device OS ${deviceOs}`, async () => {
      const names = { bootloader: 'BOOTLOADER', system: 'SYSTEM_PART', user: 'USER_PART', radio: 'RADIO_STACK' }
      const wanted = releaseModules(platform, deviceOs, '').map(
        ({ spec: { kind, index: number, version } }) => `${names[kind as keyof typeof names]} ${number} v${version}`,
      )
      // The one that no set carries: it is bound to the chip.
      if (platform === 'p2') wanted.push('BOOTLOADER 1 v1')
      const modules = await withBoard(makeFacts(platform, index).deviceId, 'normal', (device) =>
        device.getFirmwareModuleInfo(),
      )
      const found = modules.map(({ type, index: number, version }) => `${type} ${number} v${version}`)
      assert.deepEqual(found.sort(), wanted.sort())
      assert.deepEqual(
        modules.flatMap(({ validityErrors }) => validityErrors),
        [],
      )
    })
  }

  it('gets its bytes back, however many, and more requests at once than a board takes', async () => {
    await withBoard(photon.deviceId, 'normal', async (device) => {
      for (const sizeBytes of [1, 64, 65, 5000]) {
        const sent = randomBytes(sizeBytes)
        const { result, data } = await device.sendControlRequest(1, sent)
        assert.deepEqual([result, data], [0, sent])
      }
      const payloads = Array.from({ length: 9 }, () => randomBytes(12))
      const replies = await Promise.all(payloads.map((payload) => device.sendControlRequest(1, payload)))
      assert.deepEqual(
        replies.map(({ data }) => data),
        payloads,
      )
    })
  })

  it('reads the ICCID of a Boron, and its IMEI from Device OS 5.8.0 on', async () => {
    const old = await withBoard(boron.deviceId, 'normal', (device) => device.getCellularInfo())
    assert.deepEqual(old, { iccid: boron.iccid, imei: '' })
    const recent = await withBoard(newBoron.deviceId, 'normal', (device) => device.getCellularInfo())
    assert.deepEqual(recent, { iccid: newBoron.iccid, imei: newBoron.imei })
  })

  it('enters listening mode and leaves it', async () => {
    await withBoard(p2.deviceId, 'normal', async (device) => {
      await device.enterListeningMode()
      assert.equal(await device.getDeviceMode(), 'LISTENING')
      await device.leaveListeningMode()
      assert.equal(await device.getDeviceMode(), 'NORMAL')
    })
  })

  it('sets a board up: set-up flag, claim code, the light', async () => {
    await withBoard(boron.deviceId, 'normal', (device) => device.setSetupDone(false))
    await withBoard(newBoron.deviceId, 'normal', async (device) => {
      await device.setSetupDone(true)
      await assert.rejects(device.setSetupDone(false), RequestError)
      await device.setClaimCode('0123456789'.repeat(6))
      assert.equal(await device.isClaimed(), false)
      await device.startNyanSignal()
      await device.stopNyanSignal()
    })
  })

  it('is told by an open board that there is nothing to unlock', async () => {
    await withBoard(newBoron.deviceId, 'normal', async (device) => {
      const answer = await device.unprotectDevice({ action: 'prepare', serverNonce: randomBytes(32) })
      assert.deepEqual(answer, { protected: false })
      await device.unprotectDevice({ action: 'reset' })
    })
  })

  it('is refused what the release does not know, and what needs a network, for no board here has one', async () => {
    await withBoard(boron.deviceId, 'normal', async (device) => {
      await assert.rejects(device.getProtectionState(), RequestError)
      await assert.rejects(device.getAssetInfo(), RequestError)
    })
    await withBoard(newBoron.deviceId, 'normal', async (device) => {
      assert.deepEqual(await device.getProtectionState(), { protected: false })
      assert.deepEqual(await device.getAssetInfo(), { available: [], required: [] })
      await assert.rejects(device.getEnv(), RequestError)
      await assert.rejects(device.getCloudConnectionStatus(), RequestError)
      await assert.rejects(device.getNetworkInterfaceList(), RequestError)
    })
  })

  it('sends assets, of which a board drops the one that its application does not need when the next one comes', async () => {
    const assets = ['cat.txt', 'dog.txt'].map((name) => ({ name, content: randomBytes(6000) }))
    for (const asset of assets) {
      const file = assetModule(asset)
      await withBoard(newBoron.deviceId, 'normal', (device) => device.updateFirmware(file))
      await pause(500)
      const { name, content } = asset
      const hash = createHash('sha256').update(content).digest('hex')
      await withBoard(newBoron.deviceId, 'normal', async (device) => {
        const available = [{ name, hash, size: 6000, storageSize: file.length }]
        assert.deepEqual(await device.getAssetInfo(), { available, required: [] })
      })
    }
  })

  it('is told by a protected board its ID and its protection, and nothing else', async () => {
    await withBoard(lockedBoron.deviceId, 'normal', async (device) => {
      assert.equal(await device.getDeviceId(), lockedBoron.deviceId)
      assert.equal(device.firmwareVersion, '6.2.1')
      assert.deepEqual(await device.getProtectionState(), { protected: true })
      await assert.rejects(device.getSerialNumber(), DeviceProtectionError)
      await assert.rejects(device.getFirmwareModuleInfo(), DeviceProtectionError)
      await assert.rejects(device.getCellularInfo(), DeviceProtectionError)
      await assert.rejects(device.enterDfuMode(), DeviceProtectionError)
      await assert.rejects(device.updateFirmware(new Uint8Array(100)), DeviceProtectionError)
    })
  })

  for (const { platform, deviceId } of [boron, p2, photon]) {
    it(`resets a ${platform} by request, at once, and into safe mode, and finds it again`, async () => {
      await withBoard(deviceId, 'normal', (device) => device.reset())
      await withBoard(deviceId, 'normal', async (device) => {
        // The board is gone before the host hears of it, or just after.
        await device.reset({ force: true }).catch((thrown: unknown) => assert.ok(thrown instanceof UsbError))
      })
      await withBoard(deviceId, 'normal', (device) => device.enterSafeMode())
      await pause(500)
      await withBoard(deviceId, 'normal', async (device) => {
        // Requests for the application find none in safe mode.
        assert.notEqual((await device.sendControlRequest(10, randomBytes(4))).result, 0)
        await device.reset()
      })
      await pause(500)
      await withBoard(deviceId, 'normal', async (device) => {
        assert.equal((await device.sendControlRequest(10, randomBytes(4))).result, 0)
      })
    })
  }
})
