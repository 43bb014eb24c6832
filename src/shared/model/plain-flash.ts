// What a recipe does when its file says no more. Apart from the schema, so that a screen need not load that.

/** A recipe that only flashes and proves: what the fields are when a file leaves them out. */
export const plainFlash = {
  job: 'flash',
  force: false,
  factoryImage: 'keep',
  setup: 'keep',
  limits: null,
  label: {},
} as const

/** A DFU device of which a recipe says no more than its name and whom it is for, likewise. */
export const plainDevice = {
  image: null,
  address: null,
  memory: null,
  version: null,
  verify: 'read-back',
  erase: 'touched',
  readProtection: 'keep',
  allow: [],
  loader: 'ask',
  afterwards: 'run',
} as const
