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
