// The menu of releases, and which Device OS a user firmware gets when nobody names one.
import { describe, expect, it } from 'vitest'
import { chooseDeviceOs } from '../../../src/main/desk/choose-device-os.ts'
import type { BoardModule } from '../../../src/main/station/firmware/module-facts.ts'
import { releasesOf, setsByRelease } from '../../../src/main/station/firmware/release-lines.ts'
import { boron, boronUser, buildModule } from './module-builder.ts'
import { temporaryLibrary } from './temporary-library.ts'
import { zipWith } from './zip-builder.ts'

const systemVersions = { '4.0.2': 4006, '5.3.1': 5301, '6.2.1': 6201, '6.3.4': 6305, '3.2.0-rc.1': 3200, '3.0.0': 3005 }
type Release = keyof typeof systemVersions

async function libraryWith(releases: readonly Release[], without: readonly Release[] = []) {
  const library = await temporaryLibrary()
  for (const release of releases) {
    const files = {
      'system-part1.bin': boron.system(systemVersions[release]),
      'softdevice.bin': boron.softDevice(),
      ...(without.includes(release) ? {} : { 'bootloader.bin': boron.bootloader() }),
    }
    const { refused } = await library.importUpload(`${release}.zip`, zipWith(files))
    expect(refused).toEqual([])
  }
  return library
}

async function userFor(systemVersion: number): Promise<BoardModule> {
  const library = await temporaryLibrary()
  const bytes = buildModule({ ...boronUser('app'), dependencies: [[4, 1, systemVersion]] })
  const { imported } = await library.importUpload('app.bin', bytes)
  return imported[0]?.modules[0] as BoardModule
}

describe('the menu of releases', () => {
  it('is by line, newest first, and recommends the latest complete one of each', async () => {
    const library = await libraryWith(['4.0.2', '6.3.4', '5.3.1', '6.2.1'], ['6.3.4'])
    const [boronMenu, ...others] = releasesOf(await library.sets())
    expect(others).toEqual([])
    expect(boronMenu?.platform).toBe('boron')
    expect(
      boronMenu?.lines.map(({ name, isLongTerm, releases }) => [
        name,
        isLongTerm,
        releases.map(({ deviceOs, isRecommended, lacks }) => [deviceOs, isRecommended, lacks.length]),
      ]),
    ).toEqual([
      [
        '6.x',
        false,
        [
          ['6.3.4', false, 1],
          ['6.2.1', true, 0],
        ],
      ],
      ['5.x', false, [['5.3.1', true, 0]]],
      ['4.x', true, [['4.0.2', true, 0]]],
    ])
  })

  it('puts pre-releases below releases and recommends none of them', async () => {
    const library = await libraryWith(['3.2.0-rc.1', '3.0.0'])
    const [line] = releasesOf(await library.sets())[0]?.lines ?? []
    expect(
      line?.releases.map(({ deviceOs, isPreRelease, isRecommended }) => [deviceOs, isPreRelease, isRecommended]),
    ).toEqual([
      ['3.0.0', false, true],
      ['3.2.0-rc.1', true, false],
    ])
    const alone = await libraryWith(['3.2.0-rc.1'])
    expect(releasesOf(await alone.sets())[0]?.lines[0]?.releases).toMatchObject([{ isRecommended: false }])
  })

  it('of an empty library is empty', async () => {
    expect(releasesOf(await (await temporaryLibrary()).sets())).toEqual([])
  })
})

describe('a user firmware that chooses its Device OS', () => {
  async function chosen(systemVersion: number, releases: readonly Release[], without: readonly Release[] = []) {
    const library = await libraryWith(releases, without)
    return chooseDeviceOs(await userFor(systemVersion), setsByRelease(await library.sets(), 'boron'))
  }

  it('gets the one that it was built for', async () => {
    expect(await chosen(5301, ['4.0.2', '5.3.1', '6.3.4'])).toEqual({ deviceOs: '5.3.1', note: null })
  })

  it('gets the next higher one where that is not there, and says why', async () => {
    const { deviceOs, note } = await chosen(5600, ['4.0.2', '5.3.1', '6.3.4', '6.2.1'])
    expect(deviceOs).toBe('6.2.1')
    expect(note).toMatch(/built for Device OS 5\.6\.0 \(boron\), which is not here; 6\.2\.1 is the next higher/)
  })

  it('passes over a set that is not complete', async () => {
    expect(await chosen(5301, ['5.3.1', '6.2.1'], ['5.3.1'])).toEqual({
      deviceOs: '6.2.1',
      note: expect.stringMatching(/5\.3\.1 \(boron\), whose set is not whole here; 6\.2\.1 is the next higher/),
    })
  })

  it('gets a pre-release only when it was built for it, or there is nothing else', async () => {
    expect(await chosen(3200, ['3.2.0-rc.1', '4.0.2'])).toEqual({ deviceOs: '3.2.0-rc.1', note: null })
    expect(await chosen(3103, ['3.2.0-rc.1', '4.0.2'])).toMatchObject({ deviceOs: '4.0.2' })
    expect(await chosen(3103, ['3.2.0-rc.1'])).toMatchObject({ deviceOs: '3.2.0-rc.1' })
  })

  it('must name one: the lowest of all is no answer', async () => {
    const user = await userFor(5301)
    expect(() => chooseDeviceOs({ ...user, dependencies: [] }, [])).toThrow(/RECIPE_INVALID.*says for no Device OS/)
  })

  it('without any that will do is missing its firmware', async () => {
    await expect(chosen(6305, ['4.0.2'])).rejects.toMatchObject({ code: 'FIRMWARE_MISSING' })
  })
})
