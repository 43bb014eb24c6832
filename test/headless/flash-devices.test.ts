// flash, verify and identify of DFU devices that are no Particle boards, as scripts use them.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sha256Of } from '../../src/main/station/firmware/module-suffix.ts'
import type { DfuRecipe } from '../../src/shared/model/recipe.ts'
import { deviceRecipe, deviceWish } from './device-recipes.ts'
import { flashOutput, linesOf, station, temporaryFolder } from './run-station.ts'
import { benchText } from './watched-bench.ts'

const image = Uint8Array.from({ length: 9_000 }, (_, at) => (at * 31 + (at >> 5)) & 0xff)

function ground(fields: Partial<DfuRecipe> = {}) {
  const folder = temporaryFolder()
  const file = join(folder, 'lamp.json')
  const devices = [deviceWish({ image: { file: 'lamp.bin' } })]
  writeFileSync(join(folder, 'lamp.bin'), image)
  writeFileSync(file, JSON.stringify(deviceRecipe({ devices, ...fields })))
  const data = join(folder, 'data')
  const run = (command: string, sim: string, ...words: readonly string[]) =>
    station(command, '--recipe', file, '--sim', sim, '--sim-speed', '0', '--data', data, ...words)
  const ledger = (...words: readonly string[]) => station('ledger', ...words, '--data', data)
  return { folder, run, ledger }
}

const rom = deviceWish({ name: 'STM lamp', match: ['0483:df11'], image: { file: 'lamp.bin' }, address: 0x0800_0000 })

describe('flash of DFU devices', () => {
  it('tells each with its images, proofs and versions, and the ledger has them', async () => {
    const { run, ledger } = ground()
    const ended = await run('flash', 'dfu:2', '--json')
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    const { results, summary } = flashOutput(ended.stdout)
    expect(summary).toEqual({ pass: 2, fail: 0, error: 0 })
    for (const result of results) {
      expect(result).toMatchObject({
        ...{ job: 'flash', platform: null, deviceId: null, iccid: null, outcome: 'pass', fault: null, modules: [] },
        ...{ type: 'Plain DFU Device', name: expect.stringMatching(/^1209:0001 DFU[0-9A-F]{9}$/), question: null },
        ...{ revisionBefore: '1.00', revisionAfter: '1.00', alreadyCurrent: false },
        images: [{ position: 1, sizeBytes: 9_000, proof: 'read-back', action: 'written', sha256: sha256Of(image) }],
      })
    }
    const [first] = results
    const found = await ledger('list', '--search', first?.name?.split(' ')[1] ?? '')
    expect(linesOf(found.stdout)).toEqual([expect.stringContaining(`Plain DFU Device  ${first?.name}`)])
    const shown = await ledger('show', first?.recordId ?? '')
    expect(shown.stdout).toContain(`board: Plain DFU Device ${first?.name}, simulated`)
    expect(shown.stdout).toMatch(/^ {2}before: 1209:0001, its program ran, version 1\.00$/m)
    expect(shown.stdout).toMatch(/^ {4}1 {2}Program {2}9000 bytes {2}written {2}read-back {2}[0-9a-f]{12}$/m)
    expect(await ledger('verify')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ok: 2 records/) })
  })

  it('refuses what is in a slot and the recipe does not name, unopened, and does the rest', async () => {
    const { run, ledger } = ground()
    const ended = await run('flash', 'dfu:1,stm32:2', '--json')
    expect(ended.code).toBe(1)
    const { results, summary } = flashOutput(ended.stdout)
    expect(summary).toEqual({ pass: 1, fail: 2, error: 0 })
    expect(results.filter(({ outcome }) => outcome === 'fail')).toMatchObject(
      ['1-1.2', '1-1.3'].map((portPath) => ({
        ...{ portPath, recordId: null, name: null, question: null },
        fault: { code: 'DEVICE_UNKNOWN', detail: expect.stringMatching(/0483:df11 .*: left alone$/) },
      })),
    )
    expect(linesOf((await ledger('list')).stdout)).toHaveLength(1)
  })

  it('says that nobody came whom the recipe is for, where nobody speaks DFU', async () => {
    const { folder, run } = ground({ devices: [rom] })
    const bench = join(folder, 'bench.json')
    writeFileSync(bench, benchText([{ platform: 'dfu', device: { program: 'no-dfu' } }]))
    const ended = await run('flash', bench, '--json')
    expect(ended).toMatchObject({ code: 1, stderr: 'No board came that this recipe is for.\n' })
    expect(flashOutput(ended.stdout)).toEqual({ results: [], summary: { pass: 0, fail: 0, error: 0 } })
  })

  it('asks which product a shared loader is, and ends without an answer', async () => {
    const { run, ledger } = ground({ devices: [rom] })
    const ended = await run('flash', 'stm32:1', '--json')
    expect(ended.code).toBe(1)
    expect(flashOutput(ended.stdout)).toMatchObject({
      results: [
        {
          ...{ outcome: 'waiting', fault: null, recordId: null, images: [], type: expect.any(String) },
          question: expect.stringMatching(/^0483:df11 is a loader that many products share: is this a STM lamp\?/),
        },
      ],
      summary: { pass: 0, fail: 0, error: 1 },
    })
    expect(ended.stderr).toMatch(/^slot 1 waits: 0483:df11 is .*; --take-loaders says yes$/m)
    expect(linesOf((await ledger('list')).stdout)).toEqual([])
  })

  it('with --take-loaders takes it for the device of the recipe', async () => {
    const { run } = ground({ devices: [rom] })
    const ended = await run('flash', 'stm32:1', '--json', '--take-loaders')
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(flashOutput(ended.stdout).results).toMatchObject([
      {
        ...{ outcome: 'pass', revisionBefore: null, question: null },
        images: [{ memory: 'Internal Flash', address: 0x0800_0000, action: 'written', proof: 'read-back' }],
      },
    ])
  })

  it('calls devices with equal serial numbers by their ports, and mixes nothing', async () => {
    const { folder, run, ledger } = ground()
    const bench = join(folder, 'bench.json')
    writeFileSync(bench, benchText([{ platform: 'dfu', count: 3, serial: 'same' }]))
    const ended = await run('flash', bench, '--json')
    const { results, summary } = flashOutput(ended.stdout)
    expect(summary).toEqual({ pass: 3, fail: 0, error: 0 })
    expect(results.filter(({ portPath, name }) => name === `1209:0001 on ${portPath}`).length).toBeGreaterThan(1)
    const shown = await ledger('show', results.find(({ name }) => name?.includes(' on '))?.recordId ?? '')
    expect(shown.stdout).toMatch(/^ {2}the same serial number: also on 1-1\.\d.*: it tells nothing, the port tells/m)
    expect((await ledger('export')).stdout).toContain('"no","1-1.')
  })

  it('refuses a recipe whose image is not there, before any device is touched', async () => {
    const { run } = ground({ devices: [deviceWish({ image: { file: 'nothere.bin' } })] })
    const ended = await run('flash', 'dfu:1')
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/nothere\.bin/) })
  })
})

describe('jobs that only read', () => {
  it('verify compares and says what differs', async () => {
    const { run } = ground()
    const ended = await run('verify', 'dfu:1', '--json')
    expect(ended.code).toBe(1)
    expect(flashOutput(ended.stdout).results).toMatchObject([
      {
        ...{ job: 'verify', outcome: 'fail', fault: { code: 'BOARD_DIFFERS', remedy: expect.any(String) } },
        images: [{ action: 'unchanged', proof: 'none' }],
      },
    ])
  })

  it('identify --record --recipe records who the devices are', async () => {
    const { run, ledger } = ground()
    const ended = await run('identify', 'dfu:2', '--json', '--record')
    expect(ended.code).toBe(0)
    expect(flashOutput(ended.stdout).results.map(({ job, outcome, images }) => [job, outcome, images])).toEqual([
      ['identify', 'pass', []],
      ['identify', 'pass', []],
    ])
    expect(linesOf((await ledger('list', '--search', '1209:0001')).stdout)).toHaveLength(2)
  })
})
