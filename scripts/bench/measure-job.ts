// One system part at real flash timing, over its floor: by the engine in process, and by every client on the kernel.
import { randomBytes } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { systemClock } from '../../src/main/station/system-clock.ts'
import { spentBetween } from './floor.ts'
import { boron } from './kernel/dfu-client.ts'
import type { PeerAct } from './kernel/peer-act.ts'
import { runInside } from './kernel/run-inside.ts'
import { peerJob, peerTitles } from './peer-titles.ts'
import { plugInDfu } from './plug-in-dfu.ts'
import { atMost, type Measure, measured, type Section } from './results.ts'

const inside = new URL('./kernel/peers-inside.ts', import.meta.url)
const clients = ['dfu-util', 'particle-usb', 'station'] as const
const aim = atMost(1.01)
const sizeBytes = 510_938
const title = 'One system part over its floor: 510,938 bytes to a Boron at real flash timing'
const about =
  'From the first DNLOAD to the end of the last DFU request, over what the board needs for the same requests: erasing, ' +
  'programming, the wire. In process nothing lies between engine and board; on the test kernel libusb, usbfs and a host ' +
  'controller do, all on one slow processor which the board shares, and every transfer waits for them.'

export async function measureJob(rounds: number): Promise<Section> {
  const runs = await Promise.all(Array.from({ length: rounds }, runInProcess))
  const inProcess = runs.map(({ wallMs, floorMs }) => wallMs / floorMs)
  const job = peerJob()
  const note = 'skipped' in job ? `on the kernel: SKIPPED, ${job.skipped}` : ''
  return {
    ...{ title, about, skipped: null },
    measures: [
      measured({ name: 'DFU Station, in process', unit: 'x', values: inProcess }, { aim, note }),
      ...('file' in job ? await onKernel(job.file, rounds) : []),
    ],
  }
}

async function onKernel(file: string, rounds: number): Promise<readonly Measure[]> {
  const acts = await runInside<PeerAct>(inside, file, '1', String(rounds), ...clients)
  const downloads = acts.filter(({ act }) => act === 'download')
  return clients.flatMap((client) => {
    const own = downloads.filter((each) => each.client === client)
    const problem = own.every(({ isRight }) => isRight) ? null : 'no measure: the board holds other bytes'
    const ratios = own.map(({ dfuMs, floorMs }) => dfuMs / floorMs)
    const seconds = own.map(({ dfuMs }) => dfuMs / 1000)
    const floor = own[0] ? floorNote(own[0]) : ''
    const name = `${peerTitles[client]}, on the kernel`
    return [
      measured({ name, unit: 'x', values: ratios }, { aim: client === 'station' ? aim : null, problem }),
      measured({ name: '  time', unit: 's', values: seconds }, { note: floor, problem }),
    ]
  })
}

function floorNote({ dfuMs, floorMs, dfuRequests }: PeerAct): string {
  const beyondMs = (dfuMs - floorMs) / dfuRequests
  return `floor ${(floorMs / 1000).toFixed(2)} s; ${dfuRequests} DFU requests, each ${beyondMs.toFixed(2)} ms beyond it`
}

/** The engine writes a system part of noise to a board of its own. */
async function runInProcess(): Promise<{ readonly wallMs: number; readonly floorMs: number }> {
  await using plugged = await plugInDfu('boron', systemClock)
  const { board, session } = plugged
  const { alternate, address } = boron
  const before = board.account()
  const startedMs = performance.now()
  await session.write({ alternate, address, data: randomBytes(sizeBytes) })
  const wallMs = performance.now() - startedMs
  const { eraseMs, programMs, wireMs } = spentBetween(before, board.account())
  return { wallMs, floorMs: eraseMs + programMs + wireMs }
}
