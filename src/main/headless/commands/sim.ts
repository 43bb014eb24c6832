// sim: lends simulated boards to every USB program of this computer or another, until it is told to stop. No station,
// no ledger, no data folder: whoever attaches a board brings those.
import { createInterface } from 'node:readline'
import { asFault, Fault } from '../../../shared/fault/fault.ts'
import { parseBench } from '../../sim/bench-spec.ts'
import { writeDump } from '../../sim/dump-flash.ts'
import { createBench } from '../../sim/simulated-bench.ts'
import type { SimulatedBus } from '../../sim/simulated-bus.ts'
import { openUsbipServer, type UsbipServer } from '../../sim/usbip/usbip-server.ts'
import { systemClock } from '../../station/system-clock.ts'
import type { CommandLine } from '../arguments.ts'
import { attachWords, isLoopback } from '../attach-words.ts'
import { handsAt, ordersHelp } from '../bench-hands.ts'
import { benchNews, clientNews, lentBoard } from '../bench-news.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import type { Output } from '../output.ts'
import { listenForStop } from '../stop-signal.ts'

export async function lendBoards(line: CommandLine, output: Output): Promise<ExitCode> {
  const { bench, host, port, simSpeed, simDump } = line
  if (bench === null) throw new Fault('CALL_REJECTED', 'sim: wants --boards SPEC')
  using stop = listenForStop()
  const placed = parseBench(bench)
  await using bus = createBench(placed, { clock: systemClock, speed: simSpeed })
  const tell = ({ object, text }: ReturnType<typeof clientNews>) => output.result(object, text)
  const server = await openUsbipServer({ bus, clock: systemClock, host, port, tell: (news) => tell(clientNews(news)) })
  announce(server, placed.map(lentBoard), output)
  bus.watch((event) => tell(benchNews(event)))
  const stopListening = listenForOrders(bus, output)
  await aborted(stop.signal)
  stopListening()
  await server.close()
  if (simDump !== null) for (const place of bus.occupants()) await writeDump(place, simDump)
  return exitCodes.ok
}

function announce({ host, port }: UsbipServer, boards: readonly ReturnType<typeof lentBoard>[], output: Output): void {
  const attach = attachWords({ host, port }, boards[0]?.busId ?? 'BUSID')
  const lines = [
    `Simulated boards on ${host} port ${port}:`,
    ...boards.map(({ busId, platform, id }) => `  ${busId}  ${platform}  ${id}`),
    'Attach one, on Linux as root:',
    ...attach.linux.map((words) => `  ${words}`),
    'or on Windows with usbip-win2:',
    ...attach.windows.map((words) => `  ${words}`),
  ]
  output.result({ event: 'serving', host, port, boards, attach }, lines.join('\n'))
  output.note(`Orders at this terminal: ${ordersHelp}. Ctrl-C ends.`)
  if (isLoopback(host)) return
  output.note(
    `WARNING: every computer that reaches ${host} port ${port} can take these boards: USB/IP has no password and no encryption.`,
  )
}

/** Orders come by standard input, from a person or a script; its end changes nothing. Returns the stop. */
function listenForOrders(bus: SimulatedBus, output: Output): () => void {
  const hands = handsAt(bus)
  const input = createInterface({ input: process.stdin, terminal: false })
  input.on('line', (order) => {
    if (order.trim() === '') return
    try {
      output.note(hands.obey(order))
    } catch (thrown) {
      output.note(asFault(thrown).detail)
    }
  })
  return () => {
    input.close()
    process.stdin.destroy()
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
