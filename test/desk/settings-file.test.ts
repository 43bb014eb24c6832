import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { defaultSettings, openSettings } from '../../src/main/desk/settings-file.ts'
import { settingsSchema } from '../../src/shared/model/settings.ts'
import { keptLog } from '../host/fake-host.ts'
import { temporaryFolder } from './desk-under-test.ts'

const settingsFile = () => join(temporaryFolder(), 'settings.json')

describe('the settings of a station', () => {
  it('are the defaults where there are none, and nothing is written until something changes', () => {
    const file = settingsFile()
    const settings = openSettings(file, keptLog())
    expect(settings.current()).toEqual(defaultSettings())
    expect(() => settingsSchema.parse(settings.current())).not.toThrow()
    expect(existsSync(file)).toBe(false)
  })

  it('are there again after a restart', () => {
    const file = settingsFile()
    openSettings(file, keptLog()).change({ operator: 'Ada', autoStart: false })
    expect(openSettings(file, keptLog()).current()).toMatchObject({ operator: 'Ada', autoStart: false })
  })

  it.each([
    ['no JSON', '{ "stationId": '],
    ['an empty file', ''],
    ['another shape', '[]'],
    ['a field that nobody knows', JSON.stringify({ ...defaultSettings(), colour: 'red' })],
    ['a value out of range', JSON.stringify({ ...defaultSettings(), slots: [] })],
  ])('%s is put aside whole, and said', (_, text) => {
    const file = settingsFile()
    writeFileSync(file, text)
    const log = keptLog()
    const settings = openSettings(file, log)
    expect(settings.current()).toEqual(defaultSettings())
    const [aside] = readdirSync(join(file, '..'))
    expect(aside).toMatch(/^settings\.json\.damaged-\d+$/)
    expect(readFileSync(join(file, '..', String(aside)), 'utf8')).toBe(text)
    expect(log.lines).toHaveLength(1)
    expect(log.lines[0]).toMatch(/^error: .*settings\.json: damaged, put aside as /)
    expect(log.lines[0]).not.toContain('\n')
    settings.change({ operator: 'Ada' })
    expect(openSettings(file, keptLog()).current().operator).toBe('Ada')
  })

  it('that cannot be read are not taken for damaged: the station does not start without them', () => {
    const file = settingsFile()
    mkdirSync(file)
    expect(() => openSettings(file, keptLog())).toThrow(expect.objectContaining({ code: 'CALL_REJECTED' }))
    expect(readdirSync(join(file, '..'))).toEqual(['settings.json'])
  })

  it('stay what they were when a change cannot be written', () => {
    const folder = temporaryFolder()
    const settings = openSettings(join(folder, 'deep', 'settings.json'), keptLog())
    expect(() => settings.change({ operator: 'Ada' })).toThrow(expect.objectContaining({ code: 'CALL_REJECTED' }))
    expect(settings.current().operator).toBeNull()
    rmSync(folder, { recursive: true })
  })
})
