// What the calls about releases, addresses and HEX files do, for the test of all calls.
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect } from 'vitest'
import { carveHex } from '../../src/main/station/firmware/carve-hex.ts'
import { sha256Of } from '../../src/main/station/firmware/module-suffix.ts'
import { refuser } from '../../src/main/station/firmware/refusal.ts'
import type { CallName } from '../../src/shared/contract/contract.ts'
import { playedDesk } from './desk-under-test.ts'
import { fileServer } from './file-server.ts'
import { demoFile, stockedLibrary, workingSlot } from './samples.ts'

type SupplyCall = Extract<CallName, 'listVersions' | 'fetchFirmware' | 'exportHex'>
const tinker = demoFile('boron/4.0.2/user-part.bin')

export const supplyCallTests: Readonly<Record<SupplyCall, Readonly<Record<string, () => Promise<void>>>>> = {
  listVersions: {
    'gives the releases of every platform that has any': async () => {
      const { call, folder } = await playedDesk()
      expect(await call('listVersions', {})).toEqual([])
      await stockedLibrary(folder, 'boron/')
      expect(await call('listVersions', {})).toMatchObject([
        { platform: 'boron', lines: [{ name: '4.x', isLongTerm: true, releases: [{ deviceOs: '4.0.2' }] }] },
      ])
    },
  },

  fetchFirmware: {
    'takes user firmware from an address into the library': async () => {
      const { origin } = await fileServer((_, response) => response.end(tinker))
      const { call } = await playedDesk()
      const fetched = await call('fetchFirmware', { url: `${origin}/tinker.bin`, sha256: sha256Of(tinker) })
      expect(fetched).toMatchObject({ platform: 'boron', sha256: sha256Of(tinker), userSha256: sha256Of(tinker) })
      expect((await call('listFirmware', {})).modules).toMatchObject([{ kind: 'user', sha256: sha256Of(tinker) }])
    },
    'refuses what is not what was pinned': async () => {
      const { origin } = await fileServer((_, response) => response.end(tinker))
      const { outcome, call } = await playedDesk()
      const pinned = { url: `${origin}/tinker.bin`, sha256: 'ab'.repeat(32) }
      expect(await outcome('fetchFirmware', pinned)).toMatchObject({
        ok: false,
        fault: { code: 'FIRMWARE_REFUSED', detail: expect.stringContaining('HASH_MISMATCH') },
      })
      expect((await call('listFirmware', {})).modules).toEqual([])
    },
    'reaches for nothing while a board is worked on, and ends when one is': async () => {
      const { origin, asked } = await fileServer((_, response) => response.write('begun'))
      const { outcome, says, until, slots } = await playedDesk()
      const running = outcome('fetchFirmware', { url: origin })
      await expect.poll(() => asked.length).toBe(1)
      says({ kind: 'news', news: { kind: 'slots', slots: [workingSlot(1)] } })
      await until(() => slots()[0]?.state === 'working')
      const working = { ok: false, fault: { code: 'CALL_REJECTED', detail: expect.stringMatching(/is working/) } }
      expect(await outcome('fetchFirmware', { url: origin })).toMatchObject(working)
      expect(asked).toHaveLength(1)
      expect(await running).toMatchObject(working)
    },
  },

  exportHex: {
    'writes a set with its own user firmware, and says what is not in it': async () => {
      const { call, folder } = await playedDesk()
      await stockedLibrary(folder, 'p2/')
      const result = await call('exportHex', { platform: 'p2', deviceOs: '5.6.0' })
      if (result.kind !== 'saved') return expect.fail('not saved')
      expect(basename(result.path)).toBe('p2-5.6.0.hex')
      expect(result.notes).toContainEqual(expect.stringContaining('prebootloader-mbr'))
      const { modules } = carveHex(readFileSync(result.path), refuser('hex', 'p2.hex'))
      expect(modules.map(({ bytes }) => sha256Of(bytes))).toContain(sha256Of(demoFile('p2/5.6.0/user-part.bin')))
    },
    'hands the file to the door': async () => {
      const delivered: string[] = []
      const deliverFile = async (path: string) => {
        delivered.push(basename(path))
        return { kind: 'download', url: 'file?name=x' } as const
      }
      const { call, folder } = await playedDesk({ deliverFile })
      await stockedLibrary(folder, 'photon/')
      const user = sha256Of(demoFile('photon/2.3.1/user-part.bin'))
      const result = await call('exportHex', { platform: 'photon', deviceOs: '2.3.1', user })
      expect(result).toMatchObject({ kind: 'download', url: 'file?name=x' })
      expect(delivered).toEqual([`photon-2.3.1-${user.slice(0, 8)}.hex`])
    },
    'names what is missing': async () => {
      const { outcome, folder } = await playedDesk()
      await stockedLibrary(folder, 'boron/4.0.2/system')
      const missing = (detail: RegExp) => ({
        ok: false,
        fault: { code: 'FIRMWARE_MISSING', detail: expect.stringMatching(detail) },
      })
      expect(await outcome('exportHex', { platform: 'p2', deviceOs: '5.6.0' })).toMatchObject(missing(/no Device OS/))
      expect(await outcome('exportHex', { platform: 'boron', deviceOs: '4.0.2' })).toMatchObject(missing(/it lacks/))
    },
  },
}
