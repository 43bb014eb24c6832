// What a person waits for around the jobs: the start of the station, and the time between two boards.
import { measureFirstScreens, whyNoBrowser } from './first-screen.ts'
import { measureNextBoard, nextBoardReleases } from './next-board.ts'
import { measured, type Section } from './results.ts'
import { openFirmware } from './visit-firmware.ts'

export async function measureStart(repetitions: number): Promise<readonly Section[]> {
  return [await firstScreen(repetitions), await nextBoard(repetitions)]
}

async function firstScreen(repetitions: number): Promise<Section> {
  const part = {
    title: 'From npm start to the first slot on the screen',
    about:
      'Built already, in the web door with eight simulated boards; the browser (Chromium) is open. Electron’s window, where ' +
      'it can be had, is not measured.',
  }
  const skipped = whyNoBrowser()
  if (skipped !== null) return { ...part, measures: [], skipped }
  const screens = await measureFirstScreens(repetitions)
  const row = (name: string, values: readonly number[]) =>
    measured({ name, unit: 's', values: values.map((ms) => ms / 1000) })
  return {
    ...part,
    measures: [
      row(
        'npm start to the address',
        screens.map(({ addressMs }) => addressMs),
      ),
      row(
        'npm start to the first slot shown',
        screens.map(({ slotMs }) => slotMs),
      ),
    ],
    skipped: null,
  }
}

async function nextBoard(repetitions: number): Promise<Section> {
  using firmware = await openFirmware(nextBoardReleases)
  const runs = await Promise.all(Array.from({ length: repetitions }, () => measureNextBoard(firmware)))
  const row = (name: string, values: readonly number[], note = '') => measured({ name, unit: 'ms', values }, { note })
  return {
    title: 'From a verdict to the next board',
    about: 'The board with its verdict is taken out and the next one put in at once, one slot, in process.',
    measures: [
      row(
        'record closed to verdict told',
        runs.map(({ verdictToldMs }) => verdictToldMs),
        'the screen is told of slots ten times a second',
      ),
      row(
        'board on the bus to its first transfer: the first of the slot',
        runs.map(({ firstAskedMs }) => firstAskedMs),
      ),
      row(
        'board on the bus to its first transfer: after a verdict',
        runs.map(({ nextAskedMs }) => nextAskedMs),
      ),
      row(
        'last board taken out to the slot shown empty',
        runs.map(({ emptyMs }) => emptyMs),
        'on purpose: a board that resets keeps its verdict; a next board does not wait for it',
      ),
    ],
    skipped: null,
  }
}
