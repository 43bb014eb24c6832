// particle-usb as its users use it: boards found by device ID, opened, used, closed, and found again after a reset. It
// looks at every Particle board on the bus for each search, so searches take turns; the work on boards does not.
import { setTimeout as pause } from 'node:timers/promises'
import { openDeviceById, type ParticleDevice } from 'particle-usb'

const searchLimitMs = 20_000
const pollMs = 50

let searches: Promise<unknown> = Promise.resolve()

/** The board, open, once it is in this mode; rejects after twenty seconds with the last reason. */
export function openBoard(id: string, mode: 'dfu' | 'normal'): Promise<ParticleDevice> {
  const found = searches.then(() => search(id, mode))
  searches = found.catch(() => {})
  return found
}

async function search(id: string, mode: 'dfu' | 'normal'): Promise<ParticleDevice> {
  const limit = performance.now() + searchLimitMs
  let reason: unknown = `it is not in ${mode} mode`
  while (performance.now() < limit) {
    try {
      const device = await openDeviceById(id)
      if (device.isInDfuMode === (mode === 'dfu')) return device
      await device.close()
    } catch (thrown) {
      reason = thrown
    }
    await pause(pollMs)
  }
  throw new Error(`board ${id} was not found`, { cause: reason })
}

/** Opens the board in this mode, uses it, and closes it whatever happens. */
export async function withBoard<T>(
  id: string,
  mode: 'dfu' | 'normal',
  use: (device: ParticleDevice) => Promise<T>,
): Promise<T> {
  const device = await openBoard(id, mode)
  try {
    return await use(device)
  } finally {
    await device.close()
  }
}

/** From normal mode into DFU mode, by its own way; resolves when the board shows itself there. */
export async function enterDfu(id: string): Promise<void> {
  const device = await openBoard(id, 'normal')
  // Its own search would open boards that other tests use.
  const entered = searches.then(() => device.enterDfuMode())
  searches = entered.catch(() => {})
  await entered
  await device.close()
}

/**
 * Call it when all tests of the file are through. npm usb leaves a device open for ever whose configuration cannot be
 * read in the moment in which it opens it, and an open device keeps its process alive.
 */
export function letGo(): void {
  setTimeout(() => process.exit(), 1000).unref()
}
