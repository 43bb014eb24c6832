// What a station remembers of itself: its bench and its ways.
import { z } from 'zod'
import { maxSlots } from './bench-size.ts'
import { keyNameSchema, publicKeySchema } from './pack-name.ts'

export const settingsSchema = z.strictObject({
  stationId: z.string().min(1).max(60),
  /** Slot n is entry n - 1: the port path it stands for, or null where none is learnt yet. */
  slots: z.array(z.string().nullable()).min(1).max(maxSlots),
  /** Boards on unknown ports take the next slot without a port by themselves. */
  learnsPorts: z.boolean(),
  autoStart: z.boolean(),
  operator: z.string().max(60).nullable(),
  recipeId: z.string().nullable(),
  /** The pack that this recipe was chosen of: another may hold the same recipe with other firmware. */
  packId: z.string().nullable().default(null),
  simulation: z.strictObject({
    on: z.boolean(),
    boards: z.string().min(1).max(200),
    /** 1 is the speed of real flash. */
    speed: z.number().min(0).max(1000),
  }),
  /** Keys whose recipe packs this station takes for real boards. */
  trustedKeys: z
    .array(
      z.strictObject({
        name: keyNameSchema,
        publicKey: publicKeySchema,
        trustedAt: z.int(),
      }),
    )
    .max(100)
    .default([]),
  /** Real boards get recipes of trusted packs and no others, and recipes are not changed here. */
  onlySignedPacks: z.boolean().default(false),
  /** The shared folder from which new packs are taken. */
  watchedFolder: z.string().min(1).max(1000).nullable().default(null),
  /** The name of the pack that the station is opened on, with everything else hidden. */
  focus: z.string().min(1).max(80).nullable().default(null),
})

export type Settings = z.infer<typeof settingsSchema>
