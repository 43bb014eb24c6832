// Words of the bench and of what stands around every screen.

/** What a screen reader says of a slot. */
function announced(slot: number, word: string, rest: string): string {
  return `Slot ${slot}: ${word}${word.endsWith('?') ? '' : '.'} ${rest}`
}

export const states = {
  empty: 'EMPTY',
  identifying: 'READING',
  ready: 'READY',
  flashing: 'FLASHING',
  verifying: 'VERIFYING',
  checking: 'CHECKING',
  passed: 'PASS',
  alreadyOk: 'ALREADY OK',
  verified: 'VERIFIED',
  identified: 'IDENTIFIED',
  differs: 'DIFFERS',
  byHand: 'BUTTON',
  byHandDevice: 'BY HAND',
  asking: 'WHICH?',
  erasing: 'ERASING',
  failed: 'FAIL',
  error: 'ERROR',
  aborted: 'STOPPED',
  interrupted: 'CUT OFF',
  refused: 'REFUSED',
  off: 'SLOT OFF',
  learning: 'PLUG IN',
} as const

export const hands = {
  insert: 'INSERT BOARD',
  wait: 'WAIT',
  doNotUnplug: 'WAIT – DO NOT UNPLUG',
  chooseRecipe: 'CHOOSE A RECIPE (F4)',
  start: 'START (S)',
  goodBin: 'REMOVE → GOOD BIN',
  nextBoard: 'REMOVE → NEXT BOARD',
  redBin: 'REMOVE → RED BIN',
  holdButton: (button: string) => `HOLD ${button} UNTIL YELLOW`,
  pressReset: 'PRESS RESET, THEN F5',
  bootloader: 'BOOTLOADER BY HAND',
  sayYes: 'START SAYS YES (S)',
  taken: 'SOCKET TAKEN',
  retryThenRedBin: 'RETRY, THEN RED BIN',
  putAside: 'REMOVE → PUT ASIDE',
  reseat: 'PLUG IN AGAIN',
  retry: 'RETRY (F5)',
  callHelp: 'CALL TECHNICIAN',
  plugHere: 'PLUG A BOARD IN HERE',
  assign: 'NO PORT YET (F6)',
} as const

export const bench = {
  gridLabel: 'Slots of the bench',
  slotLabel: announced,
  iccidLabel: 'ICCID',
  timeLeft: (time: string) => `${time} left`,
  doneIn: (time: string) => `done in ${time}`,
  stepOf: (step: number, steps: number) => `${step} of ${steps}`,
  last: (word: string, id: string) => `last: ${word} ${id}`,
  opened: 'Open',
  started: 'Start',
  retried: 'Retry',
  stopped: 'Stop',
  progressLabel: (slot: number) => `Progress of slot ${slot}`,
  untrusted: 'RECIPE NOT TRUSTED',
  carries: (deviceOs: string, modules: number) => `Device OS ${deviceOs}, ${modules} modules`,
  proven: (count: number) => (count === 1 ? '1 module proven' : `${count} modules proven`),
  readBack: (count: number) => (count === 1 ? '1 piece read back' : `${count} pieces read back`),
  reported: 'reported by the device: not read back',
  notProven: (count: number) => (count === 1 ? '1 piece NOT PROVEN' : `${count} pieces NOT PROVEN`),
  revision: (revision: string) => `REV ${revision}`,
  dfuMode: 'DFU mode',
  revisions: (before: string | null, after: string | null) => `REV ${before ?? '?'} → ${after ?? '?'}`,
  noSerial: 'no serial',
  notUnique: 'serial not unique',
  port: 'port',
  whichProduct: 'WHICH ONE IS IT?',
  waitingForStation: 'Waiting for the station …',
  answered: 'Yes, start it',
  startAll: (count: number) => (count === 1 ? 'Start 1 board' : `Start ${count} boards`),
  stopAll: 'Stop all',
} as const

export const next = {
  label: 'NEXT',
  noStation: 'Wait: the station is starting.',
  usbDown: 'Wait: the USB part of the station restarts.',
  learn: (slot: number) => `Plug a board into the socket of slot ${slot}. ESC in Settings ends this.`,
  noRecipe: 'Press F4 and choose a recipe: it says what is flashed.',
  noPorts: 'Plug in a board: each new port takes the next slot. Or assign ports in Settings (F6).',
  stray: (ports: string) => `A board is on a port without a slot (${ports}). Assign it in Settings (F6).`,
  fail: (slot: number, words: string) => `Slot ${slot}: ${words}`,
  takeGood: (slots: string, count: number) =>
    count === 1 ? `Take the board out of slot ${slots}: GOOD BIN.` : `Take the boards out of slots ${slots}: GOOD BIN.`,
  takeOut: (slots: string, count: number) =>
    count === 1 ? `Take the board out of slot ${slots}.` : `Take the boards out of slots ${slots}.`,
  start: (slots: string, count: number) =>
    count === 1 ? `Slot ${slots} is ready: press S to start.` : `Slots ${slots} are ready: press S to start them.`,
  which: (slot: number) =>
    `Slot ${slot} asks which one it is. If it is that one: go to slot ${slot}, press S. If not: take it out.`,
  wait: (count: number) =>
    count === 1 ? 'Wait: one board is being worked on.' : `Wait: ${count} boards are being worked on.`,
  insert: 'Insert boards into the empty slots.',
  focused: (slot: number) => `Slot ${slot}`,
} as const

export const frame = {
  product: 'DFU Station',
  station: 'Station',
  recipe: 'Recipe',
  operator: 'Operator',
  network: 'Network',
  offline: 'OFFLINE (normal)',
  none: 'none chosen',
  nobody: 'not named',
  pass: 'PASS',
  fail: 'FAIL',
  error: 'ERROR',
  yield: 'Yield',
  tallyLabel: 'Boards since the station started',
  simulation: 'SIMULATION – these boards are not real',
  usbDown: (title: string) =>
    `${title}. The station starts it again by itself; unfinished boards are closed as interrupted.`,
  closedAtStart: (count: number) =>
    count === 1
      ? '1 job was cut off and closed as interrupted at start. Start that board again.'
      : `${count} jobs were cut off and closed as interrupted at start. Start those boards again.`,
  dismiss: 'OK',
  showThem: 'Show them',
  connecting: 'Connecting to the station …',
  lost: 'Connection to the station lost, trying again … What you see may be old.',
  denied: 'This page may no longer speak to the station: open the address that the station printed when it started.',
  announced,
} as const

export const stopDialog = {
  title: (slots: string, count: number) => (count === 1 ? `Stop slot ${slots}?` : `Stop slots ${slots}?`),
  body: 'The board is left half written and the record is closed as aborted. It must be started again before use.',
  confirm: 'Stop (X)',
  cancel: 'Go on (ESC)',
} as const

export const newcomer = {
  title: 'Three steps to the first board',
  recipeStep: 'Choose what is flashed',
  recipeHelp: 'Import firmware, then choose or make a recipe.',
  recipeButton: 'Firmware and recipe',
  portsStep: 'Tell the station its sockets',
  portsHelp: 'Plug a board into socket 1, then 2, … New ports take the next free slot.',
  portsButton: 'Settings',
  boardStep: 'Insert boards',
  boardHelp: 'Each tile says what your hands do next. No board at hand? Switch on simulated boards in Settings.',
  done: 'done',
} as const

export const help = {
  title: 'Keys, scanner and touch',
  keysHeading: 'Keys',
  scanHeading: 'Scanner',
  colourHeading: 'Tiles',
  close: 'Close (ESC)',
  keys: [
    ['1 … 9', 'go to a slot (two digits quickly for 10 to 32)'],
    ['← ↑ → ↓', 'go to the slot beside'],
    ['Enter', 'open the slot'],
    ['S', 'start the slot; no slot chosen: every ready slot that asks nothing'],
    ['F5', 'start or retry the slot'],
    ['X', 'stop the slot; no slot chosen: all (asks first)'],
    ['Esc', 'back'],
    ['F1', 'this help'],
    ['F2', 'bench'],
    ['F3', 'history'],
    ['F4', 'firmware and recipe'],
    ['F6', 'settings'],
  ],
  scans: [
    ['device ID, serial, ICCID', 'opens History with that board (a secret after a space is dropped)'],
    ['SLOT 3', 'goes to slot 3'],
    ['START', 'starts like S'],
    ['STOP', 'asks to stop; scanned again, stops'],
  ],
  tiles: [
    ['PASS', 'take it out, good bin'],
    ['ALREADY OK', 'held the right firmware already, proven; good bin'],
    ['VERIFIED', 'holds all that the recipe says, nothing written; good bin'],
    ['DIFFERS', 'does not hold what the recipe says, nothing written; put aside'],
    ['IDENTIFIED', 'recorded, nothing judged; take it out'],
    ['BUTTON, BY HAND', 'not bad: needs your finger, the tile says what to do'],
    ['WHICH?', 'nothing says which board it is: choose the slot, START says yes'],
    ['FAIL', 'the board is bad: retry once, then red bin'],
    ['ERROR, CUT OFF, STOPPED, REFUSED', 'not judged: do what the tile says'],
  ],
} as const
