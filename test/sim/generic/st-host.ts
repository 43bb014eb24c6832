// A host for an STM32 on a bench that keeps to ST's application note of the USB loader: every
// command and block is followed by GETSTATUS, the wait that it tells, and GETSTATUS again.
import { type DfuBench, openLoader, type Status } from './dfu-bench.ts'

export const flashBase = 0x08000000
const transferBytes = 2048

const u32 = (value: number) => [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24]

export type StHost = Awaited<ReturnType<typeof openRom>>

export async function openRom(bench: DfuBench) {
  const host = await openLoader(bench)
  const { out, read, status } = host
  const did = async (block: number, data: readonly number[] | Uint8Array): Promise<Status> => {
    await out(1, block, Uint8Array.from(data))
    const first = await status()
    await bench.clock.sleep(first.pollMs)
    return status()
  }
  const setAddress = (address: number) => did(0, [0x21, ...u32(address)])
  return {
    ...host,
    did,
    setAddress,
    erase: (address: number) => did(0, [0x41, ...u32(address)]),
    /** All blocks at the address; the first status that is not OK, else the last. */
    write: async (address: number, image: Uint8Array): Promise<Status> => {
      let last = await setAddress(address)
      for (let at = 0; at < image.length && last.status === 0; at += transferBytes) {
        last = await did(2 + at / transferBytes, image.subarray(at, at + transferBytes))
      }
      return last
    },
    readBack: async (address: number, sizeBytes: number): Promise<Uint8Array> => {
      await setAddress(address)
      await out(6, 0)
      const blocks: Uint8Array[] = []
      for (let at = 0; at < sizeBytes; at += transferBytes) {
        blocks.push(await read(2, 2 + at / transferBytes, Math.min(transferBytes, sizeBytes - at)))
      }
      await out(6, 0)
      return Buffer.concat(blocks)
    },
    leave: async (address: number): Promise<Status> => {
      await setAddress(address)
      await out(1, 0)
      return status()
    },
    /** The alternate settings' strings. */
    texts: async () => {
      const texts: string[] = []
      for (let index = 4; texts.length < 8; index += 1) {
        const setup = { requestType: 0x80, request: 6, value: 0x300 | index, index: 0x409 }
        const bytes = await host.usb
          .controlIn(setup, 255, { timeoutMs: 100, signal: new AbortController().signal })
          .catch(() => null)
        if (!bytes) break
        texts.push(Buffer.from(bytes.subarray(2)).toString('utf16le'))
      }
      return texts
    },
  }
}
