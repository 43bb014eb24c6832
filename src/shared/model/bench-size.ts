// How many slots a bench may have. A file of its own: the page reads it too, and must not load the schemas.
export const maxSlots = 32
