// Other people's DFU clients beside ours: the same job, on the same kernel, at a board without delays, in turns.
import type { PeerAct, PeerName, RawRates } from './kernel/peer-act.ts'
import { runInside } from './kernel/run-inside.ts'
import { peerJob, peerTitles } from './peer-titles.ts'
import { type Aim, atLeast, atMost, type Measure, measured, median, type Section } from './results.ts'

const names = Object.keys(peerTitles) as readonly PeerName[]
const people = ['dfu-util', 'particle-usb', 'station'] as const
const inside = new URL('./kernel/peers-inside.ts', import.meta.url)
const acts = { download: 'download', 'read-back': 'read back' } as const
type Act = keyof typeof acts
const blockBytes = 4096

/** What a run costs once: setting the address, ending; a share of a request over the whole part. */
const once = 0.15
const requestAims: Readonly<Record<Act, Aim>> = {
  download: atMost(6 + once, 'worst', '6.0'),
  'read-back': atMost(1 + once, 'worst', '1.0'),
}
const rateAims: Readonly<Record<Act, Partial<Record<PeerName, Aim>>>> = {
  download: { 'dfu-util': atLeast(1.5, 'median'), 'particle-usb': atLeast(2, 'median') },
  'read-back': { 'dfu-util': atLeast(2, 'median'), 'particle-usb': atLeast(1, 'median') },
}

const peersPart = {
  title: 'Other clients: the same job on one kernel, at a board without delays',
  about:
    'A Boron system part (510,938 bytes, real firmware) on a real Linux USB stack, written with erase and read back by ' +
    'each client in turn; every write changes every byte, and no client looks first; of three reads the middle one counts. Time is taken by the board: from the first DNLOAD or UPLOAD to ' +
    'the end of the last DFU request, so that nobody pays for its start. "As it is used" counts what a person waits for: ' +
    'the whole process of dfu-util (its start, by "dfu-util -l", beside it), opening and closing included for the others. ' +
    'Ratios are of the same round; their median is judged. The kernel has one slow processor, which the simulated board ' +
    'shares: rates are comparable here and nowhere else.',
} as const

export async function measurePeers(rounds: number): Promise<Section> {
  const job = peerJob()
  if ('skipped' in job) return { ...peersPart, measures: [], skipped: job.skipped }
  // The first round is for warming up and counts for nobody.
  const words = [job.file, '0', String(rounds + 1), ...names]
  const lines = await runInside<PeerAct | RawRates>(inside, ...words)
  const all = lines.flatMap((line) => ('client' in line && line.round > 0 ? [line] : []))
  const rates = lines.flatMap((line) => ('rates' in line ? [line.rates] : []))
  const measures = (['download', 'read-back'] as const).flatMap((act) => measuresOf(act, all))
  return { ...peersPart, measures: [...measures, ...rates.flatMap(rateMeasures)], skipped: null }
}

function measuresOf(act: Act, all: readonly PeerAct[]): readonly Measure[] {
  const of = (client: PeerName) => all.filter((each) => each.client === client && each.act === act)
  const wrong = all.find((each) => each.act === act && !each.isRight)
  const told = { problem: wrong ? `no measure: ${peerTitles[wrong.client]} left other bytes on the board` : null }
  const byBoard = rate(({ dfuMs }) => dfuMs)
  const asUsed = rate(({ openMs, workMs, closeMs }) => openMs + workMs + closeMs)
  const ratios = (client: PeerName, other: PeerName, value: Value) =>
    of(client).flatMap((ours) => {
      const theirs = of(other).find(({ round }) => round === ours.round)
      return theirs ? [value(ours) / value(theirs)] : []
    })
  const beside = (client: PeerName, value: Value) => {
    const aim = rateAims[act][client] ?? null
    const bare = (name: PeerName) => `${median(ratios(name, client, value)).toFixed(2)} x`
    const note = aim
      ? `bare transfers: ${bare('bare')} one by one, ${bare('queued')} those of a block at once (the floor)`
      : ''
    const what = { name: `  DFU Station beside ${peerTitles[client]}`, unit: 'x' }
    return measured({ ...what, values: ratios('station', client, value) }, { aim, note, ...told })
  }
  return [
    ...people.map((client) => {
      const name = `${acts[act]}: ${peerTitles[client]}, DFU requests`
      const aim = client === 'station' ? requestAims[act] : null
      return measured({ name, unit: 'for 4 KiB', values: of(client).map(requests) }, { aim, ...told })
    }),
    ...names.map((client) => {
      const name = `${acts[act]}: ${peerTitles[client]}`
      return measured({ name, unit: 'KiB/s', values: of(client).map(byBoard) }, told)
    }),
    ...names.filter((name) => name !== 'station').map((client) => beside(client, byBoard)),
    ...people.map((client) => {
      const name = `${acts[act]}, as it is used: ${peerTitles[client]}`
      const openMs = Math.round(median(of(client).map(({ openMs }) => openMs)))
      const note = `${client === 'dfu-util' ? 'its start, by -l,' : 'opening'} ${openMs} ms`
      return measured({ name, unit: 'KiB/s', values: of(client).map(asUsed) }, { note, ...told })
    }),
    ...people.filter((name) => name !== 'station').map((client) => beside(client, asUsed)),
  ]
}

type Value = (each: PeerAct) => number

const requests: Value = ({ dfuRequests, sizeBytes }) => dfuRequests / (sizeBytes / blockBytes)

function rate(ms: Value): Value {
  return (each) => each.sizeBytes / 1024 / (ms(each) / 1000)
}

function rateMeasures({ status, read, write }: RawRates['rates']): readonly Measure[] {
  const row = (name: string, value: number) =>
    measured({ name: `bare control transfers: ${name}`, unit: 'a second', values: [value] })
  return [
    row('GETSTATUS, 6 bytes in', status),
    row('UPLOAD, 4096 bytes in', read),
    row('DNLOAD, 4096 bytes out', write),
  ]
}
