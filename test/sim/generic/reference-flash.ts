// A whole job of the reference host: into the loader, the image written and read back, and back to a program.
import type { UsbDevice } from '../../../src/main/station/usb/usb-port.ts'
import { arrival, limits } from '../dfu-host.ts'
import type { DeviceImage } from './device-images.ts'
import type { DfuBench } from './dfu-bench.ts'
import { readBackSt, sectorsOf, writeSt } from './reference-dfuse.ts'
import {
  abort,
  comesBack,
  dnload,
  factsOf,
  isOther,
  type Link,
  open,
  out,
  type Quirk,
  type Run,
  read,
  settled,
  status,
  upload,
} from './reference-host.ts'

const dfuSe = 0x011a

/** Rejects with what went wrong. How long it took, in the device's time. */
export async function flash(bench: DfuBench, image: DeviceImage, quirks: readonly Quirk[] = []): Promise<number> {
  const run: Run = { quirks: new Set(quirks), startedMs: bench.clock.monotonic() }
  const link = await intoLoader(bench, run)
  if (link.facts.version === dfuSe) await flashSt(link, image)
  else await flashPlain(link, image)
  return bench.clock.monotonic() - run.startedMs
}

async function intoLoader(bench: DfuBench, run: Run): Promise<Link> {
  const first = await arrival(bench.bus)
  const { quirks } = run
  if (!factsOf(first, quirks) && quirks.has('needs-bootloader')) {
    bench.device.pressButton()
    return open(bench, await comesBack(bench, first, isOther(first, quirks)), run)
  }
  const link = await open(bench, first, run)
  if (!link.facts.isRuntime) return link
  await detach(link)
  if (!link.facts.willDetach) await first.reset().catch(() => {})
  return open(bench, await comesBack(bench, first, isOther(first, quirks)), run)
}

async function detach({ usb, facts, quirks }: Link): Promise<void> {
  const index = facts.number | (quirks.has('index-force-detach') ? 0x100 : 0)
  await usb.controlOut({ requestType: 0x21, request: 0, value: 1000, index }, new Uint8Array(), limits)
}

async function flashPlain(link: Link, { bytes, memory }: DeviceImage): Promise<void> {
  const { usb, facts, quirks } = link
  const { transferBytes } = facts
  await home(link)
  await usb.selectAlternate(facts.number, memory)
  for (let at = 0; at < bytes.length; at += transferBytes) {
    await out(link, [dnload, (at / transferBytes) & 0xffff], bytes.subarray(at, at + transferBytes))
    const now = await settled(link)
    if (now.status !== 0) throw new Error(`status ${now.status} at ${at}`)
  }
  await out(link, [dnload, Math.ceil(bytes.length / transferBytes) & 0xffff])
  const last = await settled(link)
  if (last.status !== 0) throw new Error(`status ${last.status} at the end`)
  if (facts.isTolerant && facts.canUpload) await compare(link, bytes)
  await backToProgram(link, quirks.has('attach-extra-reset') ? 2 : 1)
}

async function home(link: Link): Promise<void> {
  const now = await status(link)
  if (now.state === 10) await out(link, [4, 0])
  else if (now.state !== 2) await out(link, [abort, 0])
}

async function compare(link: Link, expected: Uint8Array): Promise<void> {
  const { facts, quirks } = link
  // Whoever does not know better looks first whether it is ready.
  if (quirks.has('no-get-status-upload')) await out(link, [abort, 0])
  else await status(link)
  const blocks: Uint8Array[] = []
  for (let at = 0; at < expected.length; at += facts.transferBytes) {
    blocks.push(await read(link, [upload, at / facts.transferBytes], facts.transferBytes))
  }
  const found = Buffer.concat(blocks).subarray(0, expected.length)
  if (!found.equals(expected)) throw new Error('it holds other bytes')
  await out(link, [abort, 0])
}

/** A reset, or what stands for it, until a program runs. */
async function backToProgram(link: Link, resets: number): Promise<UsbDevice> {
  const { bench, usb, quirks, facts, startedMs } = link
  if (quirks.has('detach-for-attach')) await detach(link)
  else if (!facts.isTolerant && facts.willDetach) await bench.clock.sleep(1000)
  else if (!quirks.has('no-bus-reset-attach')) await usb.reset().catch(() => {})
  const next = await comesBack(bench, usb, resets > 1 ? () => true : isProgram(link))
  if (resets === 1) return next
  return backToProgram(await open(bench, next, { quirks, startedMs }), resets - 1)
}

/** Under other ids than those of the loader, or else without its interface. */
function isProgram({ usb, quirks }: Link) {
  return (found: UsbDevice) =>
    quirks.has('no-pid-change') ? factsOf(found, quirks)?.isRuntime !== false : found.productId !== usb.productId
}

/** Back to its program without a download. */
export async function restart(bench: DfuBench, quirks: readonly Quirk[]): Promise<UsbDevice> {
  const run: Run = { quirks: new Set(quirks), startedMs: bench.clock.monotonic() }
  const link = await open(bench, await arrival(bench.bus), run)
  if (run.quirks.has('attach-upload-download')) {
    await read(link, [upload, 0], link.facts.transferBytes)
    await out(link, [abort, 0])
  }
  return backToProgram({ ...link, facts: { ...link.facts, isTolerant: true } }, 1)
}

async function flashSt(link: Link, { bytes, address, memory }: DeviceImage): Promise<void> {
  const { usb, facts, quirks, bench } = link
  if (address === null) throw new Error('an image without an address')
  await home(link)
  await usb.selectAlternate(facts.number, memory)
  const sectors = await sectorsOf(link, memory)
  await writeSt(link, { address, bytes, sectors })
  if (facts.canUpload && !(await readBackSt(link, address, bytes.length)).equals(bytes)) {
    throw new Error('it holds other bytes')
  }
  await leaveSt(link, address)
  if (quirks.has('will-disappear')) {
    await bench.clock.sleep(2000)
    if (bench.bus.devices().includes(usb)) throw new Error('it stays')
    return
  }
  await comesBack(bench, usb, isProgram(link))
}

async function leaveSt(link: Link, address: number): Promise<void> {
  await writeSt(link, { address, bytes: new Uint8Array(), sectors: [] })
  await out(link, [dnload, 2])
  await status(link)
}
