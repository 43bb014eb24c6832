// What a verdict is worth when the board still applies what it was given: it must have done so, and have stayed, and must
// not hold the build that it held before.
import { expect, it, onTestFinished } from 'vitest'
import { releaseLibrary, resolved, restoreLibrary } from './firmware.ts'
import { type Line, openLine } from './line.ts'

/** What happens on the bus in the half minute after all verdicts. */
async function afterwards(line: Line): Promise<readonly string[]> {
  const seen: string[] = []
  await line.verdicts()
  line.bus.watch(({ kind, device }) => seen.push(`${kind} ${device.portPath}`))
  await line.clock.sleep(30_000, new AbortController().signal)
  return seen
}

it.each([
  ['bsom', '2.0.1', '1.5.2'],
  ['argon', '4.0.2', '2.0.1'],
  ['photon', '2.0.1', '1.5.2'],
  ['photon', '1.5.2', '3.3.0'],
  ['p2', '6.3.4', '5.0.0'],
] as const)('a %s from %s to %s has its verdict after its last reset', async (platform, before, deviceOs) => {
  const { library, remove } = await restoreLibrary(platform, [deviceOs])
  onTestFinished(remove)
  const recipe = await resolved(library, { platforms: [platform], deviceOs })
  const line = openLine({ boards: [{ platform, deviceOs: before }], shelf: library, recipe })
  expect(await afterwards(line)).toEqual([])
  expect(line.records()[0]?.closing).toMatchObject({ outcome: 'pass' })
})

it('a board that comes with a bootloader still to be applied is asked for DFU mode again when it has done so', async () => {
  const deviceOs = '1.5.2'
  const { library, images, remove } = await restoreLibrary('photon', [deviceOs])
  onTestFinished(remove)
  const recipe = await resolved(library, { platforms: ['photon'], deviceOs })
  const line = openLine({ boards: [{ platform: 'photon', deviceOs }], shelf: library, recipe })
  const bytes = images(deviceOs).find(({ file }) => file === 'bootloader.bin')?.bytes ?? expect.unreachable()
  const { internal, dct } = line.boards[0]?.chips ?? expect.unreachable()
  internal.eraseSector(0x080c_0000)
  for (let at = 0; at < bytes.length; at += 4096) internal.program(0x080c_0000 + at, bytes.subarray(at, at + 4096))
  dct[1753] = 0xa5
  const [slot] = await line.verdicts()
  expect(slot?.fault?.detail ?? slot?.state).toBe('passed')
  expect(dct[1753]).toBe(0xff)
})

it('a staged bootloader that was not applied is no pass, though its version is the one that was there', async () => {
  const deviceOs = '1.5.2'
  const { library, remove } = await releaseLibrary('photon', deviceOs, { otherBuild: ['bootloader.bin'] })
  onTestFinished(remove)
  const recipe = await resolved(library, { platforms: ['photon'], deviceOs })
  const line = openLine({ boards: [{ platform: 'photon', deviceOs }], shelf: library, recipe, autoStart: false })
  await line.until(([slot]) => slot?.state === 'ready')
  protectBootloader(line)
  line.station.dispatch({ kind: 'start', slots: [1] })
  await line.until(([slot]) => slot?.state === 'failed')
  const closing = line.records()[0]?.closing
  expect(closing?.fault).toMatchObject({ code: 'DFU_VERIFY_FAILED', detail: expect.stringContaining('bootloader') })
  expect(closing?.modules.find(({ kind }) => kind === 'bootloader')).toMatchObject({ proof: 'none' })
})

/** Its first sectors take nothing any more and say nothing of it. */
function protectBootloader({ boards: [board] }: Line): void {
  const internal = board?.chips.internal ?? expect.unreachable()
  const { eraseSector, program } = internal
  const isProtected = (address: number) => address < 0x0800_4000
  Object.assign(internal, {
    eraseSector: (address: number) => isProtected(address) || eraseSector.call(internal, address),
    program: (address: number, data: Uint8Array) => isProtected(address) || program.call(internal, address, data),
  } satisfies Record<string, unknown>)
}
