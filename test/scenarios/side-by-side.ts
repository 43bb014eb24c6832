// Many things at once on one bench, none of which may still go on when the bench is cleared away.

/** The results in order, once all have ended; throws what the first of them threw. */
export async function sideBySide<T>(tasks: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(tasks)
  return await Promise.all(tasks)
}
