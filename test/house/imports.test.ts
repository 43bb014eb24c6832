// The directions of the line, walked through every import of every file: what the linter sees one file at a time.
import { describe, expect, it } from 'vitest'
import { filesIn, importGraph, isIn, pathTo, readSources } from './import-graph.ts'

const sources = readSources('src')
const graph = importGraph(sources)
const electron = /^electron(\/|$)/

function importersOf(isWanted: (target: string) => boolean): readonly string[] {
  return [...graph].flatMap(([file, imports]) => (imports.some(({ target }) => isWanted(target)) ? [file] : []))
}

/** Direct and indirect, types included: nothing of these places may be known there. */
function wayInto(from: readonly string[], ...places: readonly string[]) {
  const isForbidden = (target: string) => places.some((place) => isIn(target, place))
  return pathTo(graph, from, { isForbidden, atRunTime: false })
}

const engine = ['dfu', 'identity', 'firmware', 'jobs', 'slots', 'platforms'].map((part) => `src/main/station/${part}`)
const doors = ['shell', 'web', 'headless'].map((door) => `src/main/${door}`)
const station = filesIn(graph, 'src/main/station')

describe('the walk through the imports', () => {
  it('finds a planted way over two files and a dynamic import', () => {
    const planted = importGraph(
      new Map([
        ['a/start.ts', "import { b } from './b.ts'\nimport type { T } from './types.ts'"],
        ['a/b.ts', "export async function c() {\n  const { d } = await import('../c/d.ts')\n}"],
        ['a/types.ts', "import 'usb'"],
        ['c/d.ts', "import { usb,\n  type Device } from 'usb'"],
      ]),
    )
    const isForbidden = (target: string) => target === 'usb'
    expect(pathTo(planted, ['a/start.ts'], { isForbidden, atRunTime: true })).toEqual([
      ...['a/start.ts', 'a/b.ts', 'c/d.ts', 'usb'],
    ])
    expect(pathTo(planted, ['a/start.ts'], { isForbidden, atRunTime: false })).toEqual([
      ...['a/start.ts', 'a/types.ts', 'usb'],
    ])
  })

  it('sees every file, and every relative import of it leads to one', () => {
    expect(graph.size).toBeGreaterThan(200)
    const known = (target: string) => graph.has(target) || /\.(json|css|svg)$/.test(target)
    const lost = [...graph].flatMap(([file, imports]) =>
      imports.filter(({ target }) => target.startsWith('src/') && !known(target)).map(({ target }) => [file, target]),
    )
    expect(lost).toEqual([])
  })
})

describe('libusb', () => {
  it('is imported by one file', () => {
    expect(importersOf((target) => target === 'usb')).toEqual(['src/main/station/usb/libusb-bus.ts'])
  })

  it.each([
    ['the shell', ['src/main/shell/main.ts']],
    ['the launcher', ['src/main/launch/launch.ts']],
    ['the desk', filesIn(graph, 'src/main/desk')],
    ['the web door', filesIn(graph, 'src/main/web')],
    ['the ledger', filesIn(graph, 'src/main/audit')],
  ])('is never loaded by %s', (_, from) => {
    expect(from.length).toBeGreaterThan(0)
    const isForbidden = (target: string) => target === 'usb'
    expect(pathTo(graph, from, { isForbidden, atRunTime: true })).toBeNull()
  })

  it('is loaded by the command line for those commands alone that look at the bus once and end', () => {
    const door = 'src/main/headless/with-bus.ts'
    const isForbidden = (target: string) => target === 'usb'
    const from = ['src/main/headless/station-cli.ts']
    expect(pathTo(graph, from, { isForbidden, atRunTime: true })).toContain(door)
    const without = new Map([...graph].filter(([file]) => file !== door))
    expect(pathTo(without, from, { isForbidden, atRunTime: true })).toBeNull()
    const commands = filesIn(graph, 'src/main/headless/commands').filter((file) => {
      return pathTo(graph, [file], { isForbidden: (target) => target === door, atRunTime: true })
    })
    expect(commands.map((file) => file.split('/').at(-1))).toEqual(['devices.ts', 'identify.ts', 'upload.ts'])
  })

  it('is loaded by the USB process', () => {
    const isForbidden = (target: string) => target === 'usb'
    expect(pathTo(graph, ['src/main/host/station-host.ts'], { isForbidden, atRunTime: true })).not.toBeNull()
  })
})

describe('the line', () => {
  it('keeps shared free of everything but itself and zod', () => {
    const foreign = filesIn(graph, 'src/shared').flatMap((file) =>
      (graph.get(file) ?? []).filter(({ target }) => !isIn(target, 'src/shared') && target !== 'zod'),
    )
    expect(foreign).toEqual([])
  })

  it('keeps the simulator ignorant of the engine that it tests, at any distance', () => {
    expect(wayInto(filesIn(graph, 'src/main/sim'), ...engine, 'src/main/audit', 'src/main/host', ...doors)).toBeNull()
  })

  it('keeps the station core ignorant of its surroundings, at any distance', () => {
    const around = ['audit', 'sim', 'host', 'desk', 'launch', 'page'].map((part) => `src/main/${part}`)
    expect(wayInto(station, ...around, ...doors, 'src/renderer')).toBeNull()
    const packages = importersOf((target) => electron.test(target) || target === 'better-sqlite3')
    expect(packages.filter((file) => isIn(file, 'src/main/station'))).toEqual([])
  })

  it('keeps the DFU machines pure: only drive.ts and the sessions touch the world', () => {
    const sessions = /\/(drive|visit|session|detach|loader|loader-(open|leave|session|work))\.ts$/
    const machines = filesIn(graph, 'src/main/station/dfu').filter((file) => !sessions.test(file))
    const world = ['src/main/station/usb', 'src/main/station/slots', 'src/main/station/jobs', 'src/main/sim']
    expect(machines.length).toBeGreaterThan(10)
    expect(wayInto(machines, ...world)).toBeNull()
    const isNode = (target: string) => target.startsWith('node:')
    expect(pathTo(graph, machines, { isForbidden: isNode, atRunTime: false })).toBeNull()
  })

  it.each(['jobs/plan-flash.ts', 'jobs/prove-modules.ts', 'device-jobs/plan-device.ts', 'slots/slot.ts'])(
    'keeps %s pure',
    (name) => {
      const file = `src/main/station/${name}`
      expect(graph.has(file)).toBe(true)
      const touchesTheWorld = (target: string) =>
        /^node:(fs|child_process|timers|net|http)/.test(target) || target === 'usb' || target === 'better-sqlite3'
      expect(pathTo(graph, [file], { isForbidden: touchesTheWorld, atRunTime: true })).toBeNull()
    },
  )

  it('runs one way inside the station: from slots over jobs to the engine and the seam', () => {
    const order = ['slots', 'jobs', 'identity', 'usb'].map((part) => `src/main/station/${part}`)
    const back = order.flatMap((place, at) => {
      const way = at === 0 ? null : wayInto(filesIn(graph, place), ...order.slice(0, at))
      return way ? [way] : []
    })
    expect(back).toEqual([])
    const core = ['dfu', 'firmware', 'platforms'].map((part) => `src/main/station/${part}`)
    expect(wayInto(filesIn(graph, ...core), ...order.slice(0, 3))).toBeNull()
  })

  it('keeps the ledger ignorant of the station', () => {
    expect(wayInto(filesIn(graph, 'src/main/audit'), 'src/main/sim', 'src/main/host', ...doors, ...engine)).toBeNull()
    expect(importersOf((target) => target === 'better-sqlite3').every((file) => isIn(file, 'src/main/audit'))).toBe(
      true,
    )
  })

  it('keeps the screens to shared and themselves', () => {
    const screens = filesIn(graph, 'src/renderer')
    expect(wayInto(screens, 'src/main')).toBeNull()
    const isForbidden = (target: string) => /^node:/.test(target) || electron.test(target) || target === 'usb'
    expect(pathTo(graph, screens, { isForbidden, atRunTime: false })).toBeNull()
  })

  it('lets nothing import a door', () => {
    const inside = [...graph.keys()].filter((file) => !doors.some((door) => isIn(file, door)))
    expect(wayInto(inside, 'src/main/shell', 'src/main/headless')).toBeNull()
  })
})

describe('electron', () => {
  it('is imported by the shell alone', () => {
    expect(importersOf((target) => electron.test(target)).filter((file) => !isIn(file, 'src/main/shell'))).toEqual([])
  })

  it('speaks over IPC in two files', () => {
    const speakers = [...sources].filter(([, text]) => /\bipc(Main|Renderer)\b/.test(text)).map(([file]) => file)
    expect(speakers).toEqual(['src/main/shell/preload.ts', 'src/main/shell/serve-contract.ts'])
  })
})

describe('time', () => {
  it('is set by one file: timers are the clock, not the code', () => {
    const timers = /\b(setTimeout|setInterval)\s*\(|node:timers/
    const setters = [...sources].filter(([file, text]) => isIn(file, 'src/main/station') && timers.test(text))
    expect(setters.map(([file]) => file)).toEqual(['src/main/station/system-clock.ts'])
  })
})
