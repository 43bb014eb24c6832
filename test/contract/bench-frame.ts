// A frame with everything in it that a frame can hold: a board with values known and not, a job in the middle, a fault.
import { boardName } from '../../src/shared/model/board-name.ts'
import { known, type ParticleIdentity, unreadable } from '../../src/shared/model/identity.ts'
import { asRecordId, parseDeviceId, parseIccid, parsePortPath, parseSha256 } from '../../src/shared/model/ids.ts'
import type { BenchFrame } from '../../src/shared/model/slot.ts'

function must<T>(value: T | null): T {
  if (value === null) throw new Error('the sample is malformed')
  return value
}

const portPath = must(parsePortPath('2-1.4.3'))
const sha256 = must(parseSha256('ab'.repeat(32)))

const board: ParticleIdentity = {
  kind: 'particle',
  portPath,
  mode: 'normal',
  platform: 'boron',
  deviceId: must(parseDeviceId('e00fce68aabbccddeeff0011')),
  serialNumber: known('B40HAB842ABCDEF'),
  iccid: known(must(parseIccid('8988307000001234567'))),
  imei: unreadable('Device OS 4.0.2 does not report IMEI'),
  deviceOsVersion: known('4.0.2'),
  modules: known([
    {
      kind: 'system',
      index: 1,
      version: 4006,
      sizeBytes: 510_938,
      store: 'main',
      integrity: 'passed',
      dependenciesMet: 'passed',
      range: 'passed',
      platform: 'unchecked',
      suffixSha256: null,
      dependencies: [{ kind: 'bootloader', index: 0, version: 1101 }],
    },
  ]),
  assets: unreadable('this Device OS does not list its assets'),
  ncpModuleVersion: unreadable('the Boron has no network processor'),
  ncpVersion: unreadable('the Boron has no network processor'),
  isListening: known(false),
  setupDone: known(true),
  answersRequests: known(true),
  isProtected: known(false),
}

export const benchFrame: BenchFrame = {
  revision: 7,
  full: true,
  station: {
    stationId: 'line-3',
    softwareVersion: '0.1.0',
    recipeName: 'Line 3',
    isSimulated: false,
    autoStart: true,
    operator: 'Mei',
    recipeWarning: null,
    quirkWarning: null,
    focus: null,
    strayPorts: [must(parsePortPath('3-2'))],
    learningSlot: null,
    usb: { up: false, fault: { code: 'HOST_CRASHED', detail: 'the USB process ended by itself (killed by SIGKILL)' } },
    tally: { pass: 12, fail: 1, error: 0 },
    closedAtStart: 2,
  },
  slots: [
    {
      slot: 1,
      portPath,
      state: 'working',
      board,
      job: {
        recordId: asRecordId('01a1fd42-3ca3-7000-a2d2-aad0734ce1aa'),
        job: 'flash',
        recipeName: 'Line 3',
        plan: ['Enter DFU', 'Write system 1', 'Verify system 1', 'Start Device OS', 'Prove all modules'],
        skipped: [{ module: { kind: 'bootloader', index: 0, version: 1101 }, reason: 'already there' }],
        notes: ['the set-up flag is left alone'],
        progress: {
          step: 2,
          steps: 5,
          stepName: 'Write system 1',
          stepKind: 'write',
          fraction: 0.41,
          remainingMs: 12_300,
          startedAt: 1e12,
        },
        images: [],
        revisionBefore: null,
        steps: [
          {
            position: 1,
            name: 'Enter DFU',
            startedAt: 1e12,
            durationMs: 1700,
            result: 'done',
            bytes: 0,
            detail: null,
          },
        ],
        modules: [
          {
            kind: 'system',
            index: 1,
            before: 2011,
            target: 4006,
            after: null,
            sha256,
            readBackSha256: null,
            proof: 'none',
            action: 'not reached',
            reason: null,
          },
        ],
        outcome: null,
        fault: null,
        durationMs: null,
      },
      fault: { code: 'USB_GONE', detail: 'unplugged at block 7, "quoted", ünïcode, \u2028' },
      question: null,
      bystander: null,
      last: { outcome: 'pass', name: boardName(board), endedAt: 1e12 },
      log: [{ at: 1e12, text: 'Enter DFU: done' }],
    },
  ],
}
