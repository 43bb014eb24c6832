// Runs on the test kernel: the same job by every client on one simulated Boron, in rounds, each round beginning with
// another client, so that a slow moment of the computer falls on all. Prints one line of JSON for each act.
//   node peers-inside.ts FIRMWARE SPEED ROUNDS CLIENT...
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { usb } from 'usb'
import type { BoardAccount } from '../../../src/main/sim/account.ts'
import type { AccountedBoard } from '../../../test/kernel/accounted-bus.ts'
import { Bench, until } from '../../../test/kernel/bench.ts'
import { boron, type ClientName, type ClientOrder, type ClientReport, type JobOrder } from './dfu-client.ts'
import { runDfuUtil } from './dfu-util-client.ts'
import type { PeerAct, PeerName, RawRates } from './peer-act.ts'

const [firmware = '', speed = '0', rounds = '1', ...clients] = process.argv.slice(2)
// Without delays a read takes a twentieth of a second: of several the middle one counts.
const readsATurn = speed === '0' ? 3 : 1
const folder = mkdtempSync(join(tmpdir(), 'bench-peers-'))
const bench = new Bench()
const children = new Map<ClientName, ChildProcess>()

await bench.simulate(
  { format: 'dfu-station-bench', version: 1, boards: [{ platform: 'boron', start: 'dfu' }] },
  Number(speed),
)
await until(() => usb.getDeviceList().some(({ deviceDescriptor }) => deviceDescriptor.idProduct === boron.productId))
const images = writeImages(readFileSync(firmware))
const names = clients as PeerName[]
let turn = 0
for (let round = 0; round < Number(rounds); round += 1) {
  const order = names.map((_, n) => names[(n + round) % names.length] as PeerName)
  for (const client of order) await play(client, round)
}
if (names.includes('bare')) say(await ask('bare', { act: 'rates' }))
for (const child of children.values()) child.disconnect()
bench.end()
rmSync(folder, { recursive: true })
// The USB library keeps listening.
process.exit(0)

/** The system part and its complement: each write changes every byte, so that no client can leave one out. */
function writeImages(data: Uint8Array) {
  return [data, data.map((byte) => ~byte)].map((bytes, n) => {
    const file = join(folder, `image-${n}.bin`)
    writeFileSync(file, bytes)
    return { file, bytes: Buffer.from(bytes) }
  })
}

async function play(client: PeerName, round: number): Promise<void> {
  const image = images[turn % images.length]
  if (!image) throw new Error('no image')
  turn += 1
  const sizeBytes = image.bytes.length
  const file = join(folder, 'read.bin')
  const written = await accounted(client, { act: 'download', file: image.file })
  const reads = []
  for (let n = 0; n < readsATurn; n += 1) reads.push(await accounted(client, { act: 'read-back', sizeBytes, file }))
  const read = reads.toSorted((a, b) => a.dfuMs - b.dfuMs)[Math.floor(readsATurn / 2)]
  if (!read) throw new Error('no reading')
  const isRight = readFileSync(file).equals(image.bytes)
  say({ client, act: 'download', round, sizeBytes, isRight, ...written })
  say({ client, act: 'read-back', round, sizeBytes, isRight, ...read })
}

function say(act: PeerAct | RawRates): void {
  process.stdout.write(`${JSON.stringify(act)}\n`)
}

async function accounted(client: PeerName, order: JobOrder) {
  // particle-usb fails to read from any state but dfuIDLE, in which not every client leaves the board.
  await ask('bare', { act: 'home' })
  // What was done before is not looked at.
  await board()
  const report = await (client === 'dfu-util' ? runDfuUtil(order) : ask(client, order))
  const { account, work } = await board()
  if (!work) throw new Error(`${client}: no DFU request reached the board`)
  return {
    ...report,
    dfuMs: work.durationMs,
    dfuRequests: dfuRequests(account) - dfuRequests(work.before),
    floorMs: floorMs(account) - floorMs(work.before),
  }
}

async function board(): Promise<AccountedBoard> {
  const [found] = await bench.accounts()
  if (!found) throw new Error('the bench has no board')
  return found
}

function dfuRequests({ transfersByRequest }: BoardAccount): number {
  const dfu = Object.entries(transfersByRequest).filter(([name]) => name.startsWith('dfu-'))
  return dfu.reduce((sum, [, count]) => sum + count, 0)
}

function floorMs({ eraseMs, programMs, wireMs }: BoardAccount): number {
  return eraseMs + programMs + wireMs
}

type Answer<Order extends ClientOrder> = Order extends { readonly act: 'rates' } ? RawRates : ClientReport

function ask<Order extends ClientOrder>(client: ClientName, order: Order): Promise<Answer<Order>> {
  const known = children.get(client) ?? fork(new URL('./client-process.ts', import.meta.url), [client])
  children.set(client, known)
  const { promise, resolve, reject } = Promise.withResolvers<Answer<Order>>()
  known.once('message', (answer: Answer<Order> | { readonly refused: string }) =>
    'refused' in answer ? reject(new Error(`${client}: ${answer.refused}`)) : resolve(answer),
  )
  known.send(order)
  return promise
}
