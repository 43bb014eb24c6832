import { describe, expect, it } from 'vitest'
import { inspectModule } from '../../../src/main/station/firmware/parse-module.ts'
import { planFlash } from '../../../src/main/station/jobs/plan-flash.ts'
import { writeSteps } from '../../../src/main/station/jobs/plan-writes.ts'
import { stepLine, stepName } from '../../../src/main/station/jobs/step-name.ts'
import { known, type ParticleIdentity, unreadable } from '../../../src/shared/model/identity.ts'
import { parseSha256 } from '../../../src/shared/model/ids.ts'
import type { FirmwareModule, ReportedModule } from '../../../src/shared/model/module.ts'
import { plainFlash } from '../../../src/shared/model/plain-flash.ts'
import type { PlanStep } from '../../../src/shared/model/plan.ts'
import type { VerifyPolicy } from '../../../src/shared/model/recipe.ts'
import { describeWithFirmware, firmwareFile } from '../firmware/shared-firmware.ts'
import {
  boardWith,
  hashOf,
  inDfuMode,
  moduleFile,
  partOf,
  releases,
  reported,
  type Served,
  setOf,
  targetOf,
} from './samples.ts'

const target = {
  photon: setOf('photon', releases.photon.target),
  boron: setOf('boron', releases.boron.target),
  p2: setOf('p2', releases.p2.target),
}
const old = {
  photon: setOf('photon', releases.photon.old),
  boron: setOf('boron', releases.boron.old),
  p2: setOf('p2', releases.p2.old),
}

function plan(board: ParticleIdentity, modules: readonly FirmwareModule[], verify: VerifyPolicy = 'read-back') {
  return planFlash({
    board,
    target: targetOf(board.platform, modules),
    recipe: { ...plainFlash, verify },
    isSimulated: false,
  })
}

const names = (steps: readonly PlanStep[]) => steps.map(stepName)
const writes = (steps: readonly PlanStep[]) => steps.filter((step) => step.kind === 'write')

describe('the plan of an upgrade', () => {
  it('of a Boron: bootloader by request first, then SoftDevice, system and user over DFU, each read back', () => {
    expect(plan(boardWith('boron', old.boron), target.boron).steps.map(stepLine)).toEqual([
      'Update bootloader: version 1101, 48212 bytes by control request',
      'Enter DFU',
      'Verify bootloader: memory 0, 0x000f4000..0x000ffc54, 48212 bytes',
      'Write radio: memory 0, 0x00001000..0x000265c0, 153024 bytes, where it differs',
      'Verify radio: memory 0, 0x00001000..0x000265c0, 153024 bytes',
      'Write system 1: memory 0, 0x00030000..0x000acbda, 510938 bytes',
      'Verify system 1: memory 0, 0x00030000..0x000acbda, 510938 bytes',
      'Clear other user slot: memory 0, 0x000b4000..0x000b5000, 4096 bytes',
      'Write user 1: memory 0, 0x000d4000..0x000d6c94, 11412 bytes, where it differs',
      'Verify user 1: memory 0, 0x000d4000..0x000d6c94, 11412 bytes',
      'Start Device OS',
      'Prove all modules',
    ])
  })

  it('of a Photon: system parts by address, although they depend on each other', () => {
    expect(names(plan(boardWith('photon', old.photon), target.photon).steps)).toEqual([
      'Update bootloader',
      'Enter DFU',
      'Verify bootloader',
      'Write system 1',
      'Verify system 1',
      'Write system 2',
      'Verify system 2',
      'Write user 1',
      'Verify user 1',
      'Start Device OS',
      'Prove all modules',
    ])
  })

  it('of a P2: the prebootloader before the bootloader that depends on it', () => {
    const steps = names(plan(boardWith('p2', old.p2), target.p2).steps)
    expect(steps.slice(0, 5)).toEqual([
      'Update bootloader 2',
      'Update bootloader',
      'Enter DFU',
      'Verify bootloader 2',
      'Verify bootloader',
    ])
  })

  it('drops the header of the SoftDevice: 24 bytes that no flash holds', () => {
    const [radio] = writes(plan(boardWith('boron', old.boron), target.boron).steps)
    expect(radio).toMatchObject({ offsetBytes: 24, range: { address: 0x1000, sizeBytes: 153_048 - 24 } })
  })

  it('takes the SoftDevice of another nRF52 platform, as real sets have it, and no other', () => {
    const withRadio = (changes: Partial<FirmwareModule>) =>
      target.boron.map((module) => (module.kind === 'radio' ? { ...module, ...changes } : module))
    const s140 = parseSha256('939fee60b4b8dcb8cf25533a46ba8774c418174b80d5fad5e1f89064c04d8bb4') ?? expect.unreachable()
    const shared = withRadio({ platform: 'argon', suffixSha256: s140 })
    expect(names(plan(boardWith('boron', old.boron), shared).steps)).toContain('Write radio')
    expect(() => plan(boardWith('boron', old.boron), withRadio({ platform: 'argon' }))).toThrow(/WRONG_PLATFORM/)
  })
})

describe('the order of bootloaders', () => {
  it('down: after Device OS, so that no new system ever stands over an old bootloader', () => {
    const steps = names(plan(boardWith('boron', target.boron), old.boron).steps)
    expect(steps.slice(-3)).toEqual(['Start Device OS', 'Update bootloader', 'Prove all modules'])
    expect(steps[0]).toBe('Enter DFU')
  })

  it('of a board found in DFU: read there, and sent after Device OS, which may be dead until then, if they differ', () => {
    expect(names(plan(inDfuMode('p2'), target.p2).steps)).toEqual([
      'Verify bootloader 2',
      'Verify bootloader',
      'Write system 1',
      'Verify system 1',
      'Write user 1',
      'Verify user 1',
      'Start Device OS',
      'Update bootloader 2',
      'Update bootloader',
      'Prove all modules',
    ])
  })

  it('of a Gen 2 board below Device OS 2.0.0: after it, for the old one takes no update', () => {
    const ancient = setOf('photon', { system: 1512, bootloader: 501 })
    const steps = names(plan(boardWith('photon', ancient), target.photon).steps)
    expect(steps.indexOf('Update bootloader')).toBeGreaterThan(steps.indexOf('Start Device OS'))
  })

  it('one up and one down: both after, in their order', () => {
    const mixed = setOf('p2', { system: 5002, bootloader: 2000, prebootloader: 9 })
    const steps = names(plan(boardWith('p2', mixed), target.p2).steps)
    expect(steps.slice(-4)).toEqual([
      'Start Device OS',
      'Update bootloader 2',
      'Update bootloader',
      'Prove all modules',
    ])
  })

  it('never before a module that the running board lacks and nothing earlier brings', () => {
    const needy = target.boron.map((module) =>
      module.kind === 'bootloader'
        ? { ...module, dependencies: [{ kind: 'system', index: 1, version: 4006 }] as const }
        : module,
    )
    const steps = names(plan(boardWith('boron', old.boron), needy).steps)
    expect(steps.indexOf('Update bootloader')).toBeGreaterThan(steps.indexOf('Start Device OS'))
  })
})

describe('what a board already has', () => {
  const bootloader = partOf(target.boron, 'bootloader')
  const others = old.boron.filter(({ kind }) => kind !== 'bootloader')

  it('a bootloader of this version, without a hash to tell builds apart, is read back and sent only if it differs', () => {
    const { steps, skipped } = plan(boardWith('boron', [bootloader, ...others]), target.boron)
    expect(skipped).toEqual([])
    expect(steps.map(stepLine).filter((line) => line.includes('bootloader'))).toEqual([
      'Verify bootloader: memory 0, 0x000f4000..0x000ffc54, 48212 bytes, to see whether it differs',
      'Update bootloader: version 1101, 48212 bytes by control request, if it differs',
    ])
    expect(names(steps)[0]).toBe('Enter DFU')
    expect(names(steps).slice(-3)).toEqual(['Start Device OS', 'Update bootloader', 'Prove all modules'])
  })

  it('and is skipped by its version where nothing is read back', () => {
    const board = boardWith('boron', [bootloader, ...others])
    expect(plan(board, target.boron, 'reported').skipped).toHaveLength(1)
    expect(plan(board, [bootloader]).skipped).toHaveLength(1)
  })

  it('a bootloader of this version and hash is skipped with its reason, and read back all the same', () => {
    const { suffixSha256 } = bootloader
    const modules = known([reported(bootloader, { suffixSha256 }), ...others.map((module) => reported(module))])
    const { steps, skipped } = plan(boardWith('boron', [], { modules }), target.boron)
    expect(skipped).toEqual([
      {
        module: { kind: 'bootloader', index: 0, version: 1101 },
        reason: 'the board already has bootloader version 1101 and reports the hash of this file',
      },
    ])
    expect(names(steps).slice(0, 2)).toEqual(['Enter DFU', 'Verify bootloader'])
  })

  it.each([
    ['is damaged', { integrity: 'failed' }],
    ['has not been checked', { integrity: 'unchecked' }],
    ['is another file', { suffixSha256: hashOf('another') }],
  ] as const)('a bootloader of this version that %s is sent again', (_, change) => {
    const modules = target.p2.map((module) =>
      reported(module, module.index === 2 ? change : { suffixSha256: module.suffixSha256 }),
    )
    const steps = names(plan(boardWith('p2', [], { modules: known(modules) }), target.p2).steps)
    expect(steps[0]).toBe('Update bootloader 2')
    expect(steps).not.toContain('Update bootloader')
  })

  it('a module of this version may be the very one, another version cannot', () => {
    const compared = writes(plan(boardWith('boron', old.boron), target.boron).steps)
    expect(compared.map(({ module, mayHold }) => [module.kind, mayHold])).toEqual([
      ['radio', true],
      ['system', false],
      ['user', true],
    ])
  })

  it('a board that cannot say what it has may have anything', () => {
    expect(writes(plan(inDfuMode('boron'), target.boron).steps).map(({ mayHold }) => mayHold)).toEqual([
      true,
      true,
      true,
    ])
  })

  it('a copy in the factory store counts for nothing', () => {
    const modules = target.boron.map((module) => reported(module, { store: 'factory' }))
    const { skipped, steps } = plan(boardWith('boron', [], { modules: known(modules) }), target.boron)
    expect(skipped).toEqual([])
    expect(writes(steps).every(({ mayHold }) => mayHold)).toBe(true)
  })
})

describe('the policy "reported"', () => {
  const verified = (steps: readonly PlanStep[]) => names(steps.filter(({ kind }) => kind === 'verify'))

  it('reads nothing back of a Device OS that reports hashes', () => {
    expect(verified(plan(boardWith('p2', old.p2), target.p2, 'reported').steps)).toEqual([])
  })

  it('reads the SoftDevice back: Device OS never reports the hash of its file', () => {
    const modules = setOf('boron', { system: 5600, bootloader: 2400 })
    expect(verified(plan(boardWith('boron', old.boron), modules, 'reported').steps)).toEqual(['Verify radio'])
  })

  describe('of a board that reports its modules by their hashes', () => {
    const held = (modules: readonly FirmwareModule[], change: Partial<ReportedModule> = {}) =>
      modules.map((module) => reported(module, { suffixSha256: module.suffixSha256, ...change }))
    const on = (platform: 'p2' | 'boron', modules: readonly ReportedModule[]) =>
      boardWith(platform, [], { modules: known(modules) })

    it('only proves what it reports to hold already, and says so of each module', () => {
      const { steps, skipped } = plan(on('p2', held(target.p2)), target.p2, 'reported')
      expect(names(steps)).toEqual(['Prove all modules'])
      expect(skipped).toHaveLength(target.p2.length)
      expect(skipped.every(({ reason }) => reason.endsWith('and reports the hash of this file'))).toBe(true)
    })

    it('writes only what is another file, not whole, or of another version', () => {
      for (const change of [
        { suffixSha256: hashOf('another') },
        { suffixSha256: null },
        { integrity: 'failed' },
        { integrity: 'unchecked' },
        { version: 1 },
        { store: 'factory' },
      ] as const) {
        const modules = held(target.p2).map((module) => (module.kind === 'user' ? { ...module, ...change } : module))
        const { steps } = plan(on('p2', modules), target.p2, 'reported')
        expect(writes(steps).map(({ module }) => module.kind)).toEqual(['user'])
      }
    })

    it('still reads the SoftDevice, of which Device OS checks nothing', () => {
      const modules = setOf('boron', { system: 5600, bootloader: 2400 })
      const board = on('boron', held(modules))
      expect(names(plan(board, modules, 'reported').steps)).toEqual([
        'Enter DFU',
        'Write radio',
        'Verify radio',
        'Start Device OS',
        'Prove all modules',
      ])
    })

    it('takes no report for a read-back where the recipe wants that', () => {
      expect(writes(plan(on('p2', held(target.p2)), target.p2).steps)).toHaveLength(2)
    })
  })

  it('reads user firmware back where the Device OS that stays is too old, or unknown', () => {
    const user = [partOf(target.boron, 'user', 1)]
    expect(verified(plan(boardWith('boron', target.boron), user, 'reported').steps)).toEqual(['Verify user 1'])
    expect(verified(plan(inDfuMode('boron'), user, 'reported').steps)).toEqual(['Verify user 1'])
    const fresh = setOf('boron', { system: 5600, bootloader: 2400 })
    expect(verified(plan(boardWith('boron', fresh), user, 'reported').steps)).toEqual([])
  })
})

describe('the former user slot of nRF52 boards', () => {
  const system = moduleFile({
    platform: 'boron',
    kind: 'system',
    index: 1,
    version: 4006,
    startAddress: 0x3_0000,
    sizeBytes: 500_000,
  })
  const large = (sizeBytes: number) =>
    moduleFile({ platform: 'boron', kind: 'user', index: 2, version: 6, startAddress: 0xb_4000, sizeBytes })

  it('is cleared before a 256 KiB user part that ends below it', () => {
    const { steps } = plan(boardWith('boron', [...target.boron]), [system, large(60_000)])
    expect(names(steps)).toContain('Clear other user slot')
    const at = names(steps).indexOf('Clear other user slot')
    expect(steps[at]).toMatchObject({ range: { alternate: 0, address: 0xd_4000, sizeBytes: 4096 } })
    expect(names(steps)[at + 1]).toBe('Write user 2')
  })

  it('is left to the write where the user part reaches into it', () => {
    expect(names(plan(boardWith('boron', target.boron), [system, large(200_000)]).steps)).not.toContain(
      'Clear other user slot',
    )
  })
})

describe('a plan is refused', () => {
  const refused = (board: ParticleIdentity, modules: readonly FirmwareModule[]) => {
    try {
      plan(board, modules)
    } catch (thrown) {
      return thrown
    }
    return null
  }

  it('for a board in security mode', () => {
    const board = boardWith('boron', target.boron, { isProtected: known(true) })
    expect(refused(board, target.boron)).toMatchObject({ code: 'DEVICE_PROTECTED' })
    const silent = boardWith('boron', target.boron, { isProtected: unreadable('no answer') })
    expect(refused(silent, target.boron)).toBeNull()
  })

  it('for a Gen 2 board whose Device OS takes no control request: a hand must bring it into DFU', () => {
    const stalled = unreadable<never>('the request stalled')
    const answersRequests = known(false)
    const deaf = { modules: stalled, deviceOsVersion: stalled, isProtected: stalled, answersRequests }
    expect(refused(boardWith('photon', [], deaf), target.photon)).toMatchObject({ code: 'DFU_BY_BUTTON' })
    expect(refused(boardWith('photon', [], { ...deaf, mode: 'dfu' }), target.photon)).toBeNull()
    expect(refused(boardWith('boron', [], deaf), target.boron)).toMatchObject({ code: 'DFU_BY_BUTTON' })
    const silent = { ...deaf, answersRequests: unreadable<never>('no answer in time') }
    expect(refused(boardWith('boron', [], silent), target.boron)).toMatchObject({ code: 'DEVICE_OS_SILENT' })
    // One answer is enough: then its other silences have other reasons.
    expect(refused(boardWith('photon', [], { ...deaf, isProtected: known(false) }), target.photon)).toBeNull()
  })

  it('with the fault of the target, and for a target without modules', () => {
    const fault = { code: 'FIRMWARE_MISSING', detail: 'no 4.0.2' } as const
    const board = boardWith('boron', old.boron)
    const request = {
      board,
      target: { ...targetOf('boron', []), fault },
      recipe: { ...plainFlash, verify: 'read-back' },
      isSimulated: false,
    } as const
    expect(() => planFlash(request)).toThrow('FIRMWARE_MISSING: no 4.0.2')
    expect(refused(board, [])).toMatchObject({ code: 'PLAN_REFUSED' })
  })

  it.each<[string, Served, Partial<FirmwareModule>]>([
    ['system over the master boot record', 'boron', { kind: 'system', index: 1, startAddress: 0 }],
    [
      'system into the bootloader, whose first pages claim to be writable',
      'boron',
      { kind: 'system', index: 1, startAddress: 0xf_3000 },
    ],
    ['user over the MBR parameters', 'boron', { kind: 'user', index: 1, startAddress: 0x2_7800 }],
    ['user over the bootloader', 'photon', { kind: 'user', index: 1, startAddress: 0x0801_f000 }],
    [
      'system over the boot record, which this bootloader would allow',
      'p2',
      { kind: 'system', index: 1, startAddress: 0x0800_0000 },
    ],
  ])('for a %s', (_, platform, change) => {
    const module = moduleFile({
      platform,
      kind: 'user',
      index: 1,
      version: 9000,
      startAddress: 0,
      sizeBytes: 8192,
      ...change,
    })
    const board = boardWith(platform, target[platform])
    expect(refused(board, [module])).toMatchObject({ code: 'PLAN_REFUSED', reason: 'ADDRESS_RANGE' })
    // The second wall, should a place of the map ever reach into protected memory.
    const request = {
      board,
      modules: [module],
      verify: 'read-back',
      force: false,
      updates: { before: [], staged: [], after: [], skipped: [], doubtful: [], held: [] },
      heldByReport: [],
      factory: null,
    } as const
    expect(() => writeSteps(request)).toThrow('DFU_ADDRESS_FORBIDDEN')
  })

  it.each(['isCompressed', 'isCombined'] as const)('for a module that %s', (packed) => {
    const modules = target.boron.map((module) => (module.kind === 'user' ? { ...module, [packed]: true } : module))
    expect(refused(boardWith('boron', old.boron), modules)).toMatchObject({
      code: 'PLAN_REFUSED',
      reason: 'PACKED_MODULE',
    })
  })

  it('for synthetic firmware on a real board, and never on a simulated one', () => {
    const modules = target.boron.map((module) => (module.kind === 'user' ? { ...module, isSynthetic: true } : module))
    const request = {
      board: boardWith('boron', old.boron),
      target: targetOf('boron', modules),
      recipe: { ...plainFlash, verify: 'read-back' },
    } as const
    expect(() => planFlash({ ...request, isSimulated: false })).toThrow(/^PLAN_REFUSED: user 1 .*synthetic/)
    expect(planFlash({ ...request, isSimulated: true }).targets).toHaveLength(modules.length)
  })

  it('for a module of another platform', () => {
    const modules = target.photon.map((module) =>
      module.kind === 'user' ? { ...module, platform: 'p1' as const } : module,
    )
    expect(refused(boardWith('photon', old.photon), modules)).toMatchObject({
      code: 'PLAN_REFUSED',
      reason: 'WRONG_PLATFORM',
    })
  })

  it('for the boot record of a P2, which is made for one board alone', () => {
    const mbr = moduleFile({
      platform: 'p2',
      kind: 'bootloader',
      index: 1,
      version: 1,
      startAddress: 0x0800_0000,
      sizeBytes: 4096,
    })
    expect(refused(boardWith('p2', old.p2), [...target.p2, mbr])).toMatchObject({ reason: 'FORBIDDEN_MODULE' })
  })

  it('for a dependency that nothing will meet, naming both sides', () => {
    const user = {
      ...partOf(target.boron, 'user', 1),
      dependencies: [{ kind: 'system', index: 1, version: 5000 }] as const,
    }
    const fault = refused(boardWith('boron', target.boron), [user])
    expect(fault).toMatchObject({
      code: 'PLAN_REFUSED',
      detail: `user 1 5 (${user.source}) wants system 1 version 5000 or later, and the board has version 4006`,
    })
    const alone = { ...user, dependencies: [{ kind: 'ncp', index: 0, version: 1 }] as const }
    expect(refused(boardWith('boron', target.boron), [alone])).toMatchObject({
      detail: expect.stringContaining('has none'),
    })
    // What a board in DFU carries is unknown: the proof at the end has the last word.
    expect(refused(inDfuMode('boron'), [user])).toBeNull()
  })
})

describeWithFirmware('a real module of another platform', () => {
  it('is refused by the plan of a Photon, whatever its file is called', () => {
    const source = 'bad/wrong-platform-p1-for-photon.bin'
    const { module } = inspectModule(firmwareFile(source), { source })
    expect(() => plan(boardWith('photon', old.photon), [module as FirmwareModule])).toThrow(
      /PLAN_REFUSED.*WRONG_PLATFORM/,
    )
  })
})
