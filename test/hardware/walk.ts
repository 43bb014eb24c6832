// The walk: each step with each board that is plugged in, as tests with the names of the boards, and at its end a table of
// what was measured. A board whose step failed is left alone from then on; the others walk on.
import { after, before, describe, it } from 'node:test'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { openLibusbBus } from '../../src/main/station/usb/libusb-bus.ts'
import type { UsbBus } from '../../src/main/station/usb/usb-port.ts'
import { asFault } from '../../src/shared/fault/fault.ts'
import { createReport, type WalkReport } from './report.ts'
import type { StepName, WalkSettings } from './settings.ts'
import { prepareRestore, type Restore } from './step-restore.ts'
import { readUserModules, write } from './step-write.ts'
import { look, modes, read } from './steps-that-write-nothing.ts'
import { stderrLog } from './walk-log.ts'
import { boardsOn, type WalkedBoard } from './walked-board.ts'

/** Resolves with the reason when there is nothing to do with this board. */
type Act = (board: WalkedBoard, report: WalkReport) => Promise<string | null>

export async function walk(settings: WalkSettings): Promise<void> {
  const report = createReport({ path: settings.reportPath, steps: settings.steps, speed: settings.speed })
  const acts = actsOf(settings)
  const restore = settings.steps.includes('restore') ? await prepareRestore(settings.sets) : null
  const bus = await openLibusbBus({ clock: systemClock, log: stderrLog })
  const { boards, leftOut } = await boardsOn(bus, settings.portPaths)
  for (const why of leftOut) process.stdout.write(`LEFT OUT ${why}\n`)

  describe('the hardware walk', () => {
    it('finds a Particle board', () => {
      if (boards.length === 0) throw new Error('no Particle board is plugged in, or none on the ports asked for')
    })
    for (const step of settings.steps) {
      if (step !== 'restore') for (const board of boards) declare({ step, board, act: acts[step], report })
    }
  })
  if (restore) declareRestore({ restore, boards, report, bus })
  after(async () => {
    await bus[Symbol.asyncDispose]()
    restore?.end()
    process.stdout.write(`${report.finish()}\n`)
  })
}

function actsOf(settings: WalkSettings): Readonly<Record<Exclude<StepName, 'restore'>, Act>> {
  const modules = readUserModules(settings.userFiles)
  return {
    look: (board, report) => look(board, report).then(() => null),
    modes: (board, report) => modes(board, report).then(() => null),
    read: (board, report) => read(board, report).then(() => null),
    write: (board, report) => write(board, report, { modules, keptBeside: settings.reportPath }),
  }
}

/** What ended the walk of a board: it is in a state that the next step does not expect. */
const stopped = new Map<WalkedBoard, string>()

interface Declaration {
  readonly step: StepName
  readonly board: WalkedBoard
  readonly act: Act
  readonly report: WalkReport
}

function declare({ step, board, act, report }: Declaration): void {
  it(`${step}: ${board.platform} ${board.deviceId} on ${board.portPath}`, async (t) => {
    const reason = stopped.get(board)
    if (reason) return t.skip(reason)
    try {
      const idle = await act(board, report)
      if (idle !== null) t.skip(idle)
    } catch (thrown) {
      const { code, detail } = asFault(thrown)
      stopped.set(board, `its walk ended with "${step}": ${code}`)
      report.failed(step, board, { code, detail })
      throw thrown
    }
  })
}

interface RestoreDeclaration {
  readonly restore: Restore
  readonly boards: readonly WalkedBoard[]
  readonly report: WalkReport
  readonly bus: UsbBus
}

/** All boards at once, as on a bench; the station opens them in a process of its own. */
function declareRestore({ restore, boards, report, bus }: RestoreDeclaration): void {
  describe('the hardware walk, through the station itself', () => {
    before(() => bus[Symbol.asyncDispose]())
    for (const turn of ['up', 'down'] as const) {
      it(`restore, ${turn}: all boards that came so far`, async (t) => {
        const left = boards.filter((board) => !stopped.has(board))
        const { passed, failed } = await restore.run(turn, left, report)
        for (const board of failed) stopped.set(board, `its walk ended with "restore, ${turn}"`)
        if (failed.length > 0) throw new Error(`did not pass: ${failed.map(({ deviceId }) => deviceId).join(', ')}`)
        if (passed.length === 0) t.skip('no board has a set for this turn')
      })
    }
  })
}
