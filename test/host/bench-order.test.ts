import { describe, expect, it } from 'vitest'
import { inBenchOrder } from '../../src/main/host/bench-order.ts'
import type { StationCommand } from '../../src/main/station/station-command.ts'
import { type PortPath, parsePortPath } from '../../src/shared/model/ids.ts'

function port(text: string): PortPath {
  const portPath = parsePortPath(text)
  if (!portPath) throw new Error(text)
  return portPath
}

const bench = { takenPorts: () => ['1-1.1', '1-1.2', '1-1.3'].map(port) }

function assign(ports: readonly (string | null)[]): StationCommand {
  return { kind: 'assign', ports: ports.map((text) => (text ? port(text) : null)), learnsPorts: true }
}

describe('the slots of a simulated bench', () => {
  it('get its boards in their order', () => {
    expect(inBenchOrder(assign([null, null, null, null]), bench)).toEqual(assign(['1-1.1', '1-1.2', '1-1.3', null]))
  })

  it('that have a port keep it, and no port is given twice', () => {
    expect(inBenchOrder(assign([null, '1-1.1', null]), bench)).toEqual(assign(['1-1.2', '1-1.1', '1-1.3']))
  })

  it('of real USB are learnt, not given', () => {
    expect(inBenchOrder(assign([null, null]), null)).toEqual(assign([null, null]))
  })

  it('are no matter of other commands', () => {
    expect(inBenchOrder({ kind: 'auto-start', on: true }, bench)).toEqual({ kind: 'auto-start', on: true })
  })
})
