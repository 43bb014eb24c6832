// Devices whose serial numbers tell nothing: equal ones, and none at all.
import { describe, expect, it } from 'vitest'
import { boardName } from '../../../src/shared/model/board-name.ts'
import { deviceBench, deviceRecipe, dfuDevice, port, programOf } from './device-bench.ts'

const ports = ['1-1.1', '1-1.2', '1-1.3'].map(port)
const [first, second, third] = ports as [ReturnType<typeof port>, ReturnType<typeof port>, ReturnType<typeof port>]
const bench = () => deviceBench({ ports, recipe: deviceRecipe([{}]), autoStart: false })
const isReady = ({ state }: { readonly state: string }) => state === 'ready'
const namesOf = (under: ReturnType<typeof bench>) => under.station.slots().map(({ board }) => board && boardName(board))
const twinsOf = (under: ReturnType<typeof bench>) =>
  under.station.slots().map(({ board }) => (board?.kind === 'dfu' ? board.twins : null))

describe('devices on one bench', () => {
  it('go by their serial numbers where each has one of its own', async () => {
    const under = bench()
    under.bus.plug(first, dfuDevice({ serial: 'A1' }))
    under.bus.plug(second, dfuDevice({ serial: 'A2' }))
    await under.until((slots) => slots.slice(0, 2).every(isReady))
    expect(namesOf(under)).toEqual(['1209:0001 A1', '1209:0001 A2', null])
  })

  it('go by their ports where the number is the same, also the one that was there before', async () => {
    const under = bench()
    under.bus.plug(first, dfuDevice({ serial: 'same' }))
    await under.until(([slot]) => slot?.state === 'ready')
    expect(namesOf(under)[0]).toBe('1209:0001 000000000001')
    under.bus.plug(second, dfuDevice({ serial: 'same' }))
    under.bus.plug(third, dfuDevice({ serial: 'same' }))
    await under.until((slots) => slots.every(isReady))
    expect(twinsOf(under)).toEqual([
      [second, third],
      [first, third],
      [first, second],
    ])
    expect(namesOf(under)).toEqual(ports.map((each) => `1209:0001 on ${each}`))
  })

  it('go by their ports where they have no number, and nobody is their twin', async () => {
    const under = bench()
    under.bus.plug(first, dfuDevice({ serial: 'none' }))
    under.bus.plug(second, dfuDevice({ serial: 'none' }))
    await under.until((slots) => slots.slice(0, 2).every(isReady))
    expect(namesOf(under)).toEqual(['1209:0001 on 1-1.1', '1209:0001 on 1-1.2', null])
    expect(twinsOf(under)).toEqual([[], [], null])
  })

  it('are remembered when they are gone: a number that was seen on two ports tells nothing', async () => {
    const under = bench()
    under.bus.plug(first, dfuDevice({ serial: 'same' }))
    await under.until(([slot]) => slot?.state === 'ready')
    under.bus.unplug(first)
    await under.until(([slot]) => slot?.state === 'empty')
    under.bus.plug(second, dfuDevice({ serial: 'same' }))
    await under.until(([, slot]) => slot?.state === 'ready')
    expect(twinsOf(under)).toEqual([null, [first], null])
  })

  it('are no twins in another mode, whose ids are others, nor on the same port', async () => {
    const under = bench()
    const device = dfuDevice({ serial: 'A1' })
    under.bus.plug(first, device)
    await under.until(([slot]) => slot?.state === 'ready')
    device.pressButton()
    await under.until(([slot]) => slot?.board?.kind === 'dfu' && slot.board.mode === 'dfu')
    expect(twinsOf(under)[0]).toEqual([])
  })

  it('that come while a job runs are in its record: as the device was after the job', async () => {
    const under = deviceBench({ ports, recipe: deviceRecipe([{ bytes: programOf(0x0102) }]) })
    under.bus.plug(first, dfuDevice({ serial: 'same' }))
    await under.until(([slot]) => slot?.job?.progress?.stepKind === 'write')
    under.bus.plug(second, dfuDevice({ serial: 'same' }))
    await under.until(([slot]) => slot?.state === 'passed')
    const [record] = under.records()
    expect([record?.device?.twins, record?.closing?.deviceAfter?.twins]).toEqual([[], [second]])
  })
})
