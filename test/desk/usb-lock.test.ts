// Two stations on one computer, each with a data folder of its own: only one of them may have the real boards.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { holdUsb } from '../../src/main/desk/usb-lock.ts'
import { playedDesk, temporaryFolder } from './desk-under-test.ts'

const inUse = { code: 'USB_IN_USE' }

describe('the real USB of a computer', () => {
  it('has one station: the second is refused before it forks, and may start when the first has ended', async () => {
    const usbLock = join(temporaryFolder(), 'usb.lock')
    const first = await playedDesk({ usbLock })
    const dataFolder = temporaryFolder()
    let forks = 0
    const forkHost = () => {
      forks += 1
      throw new Error('not to be forked')
    }
    await expect(playedDesk({ usbLock, dataFolder, forkHost })).rejects.toMatchObject(inUse)
    expect(forks).toBe(0)
    expect(first.station().usb).toEqual({ up: true })
    await first.desk.close()
    // The refused one has let go of its own ledger, too.
    const second = await playedDesk({ usbLock, dataFolder })
    expect(second.hosts.born).toHaveLength(1)
  })

  it('is not needed for simulated boards, and is free while a station practises', async () => {
    const usbLock = join(temporaryFolder(), 'usb.lock')
    const first = await playedDesk({ usbLock })
    await playedDesk({ usbLock, simulation: { boards: 'boron:1', speed: 0 } })
    await first.call('setSimulation', { on: true })
    const second = await playedDesk({ usbLock })
    // Back to real boards that are taken by now: no process, and the screen says why.
    expect(await first.outcome('setSimulation', { on: false })).toMatchObject({ ok: false, fault: inUse })
    expect(first.station().usb).toMatchObject({ up: false, fault: inUse })
    expect(first.hosts.born).toHaveLength(2)
    await second.desk.close()
    await first.call('setSimulation', { on: false })
    expect(first.station().usb).toEqual({ up: true })
    expect(first.hosts.born).toHaveLength(3)
  })

  it('is let go by the system when its process is killed', async () => {
    const file = join(temporaryFolder(), 'usb.lock')
    const lock = pathToFileURL(join(import.meta.dirname, '../../src/main/desk/usb-lock.ts')).href
    const script = `import { holdUsb } from ${JSON.stringify(lock)}
      globalThis.held = holdUsb({ kind: 'usb' }, ${JSON.stringify(file)})
      console.log('held')
      setInterval(() => undefined, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => {
      child.kill('SIGKILL')
    })
    await once(child.stdout, 'data')
    expect(() => holdUsb({ kind: 'usb' }, file)).toThrow('USB_IN_USE')
    holdUsb({ kind: 'simulated', boards: 'boron:1', speed: 0, operator: null, dumpFolder: null }, file)()
    child.kill('SIGKILL')
    await once(child, 'exit')
    holdUsb({ kind: 'usb' }, file)()
  })
})
