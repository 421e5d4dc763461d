/**
 * Does a work for each item, so many at once, and gives the results in the items' order. After a failure none is begun, and
 * all have ended before it is thrown: nothing is written after it.
 */
export async function sideBySide<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T, number: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const rest = items.entries();
  let failed = false;
  const lanes = Array.from({ length: Math.min(atOnce, items.length) }, async () => {
    for (const [number, item] of rest) {
      if (failed) return;
      try {
        results[number] = await work(item, number);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  });
  for (const lane of await Promise.allSettled(lanes)) if (lane.status === "rejected") throw lane.reason;
  return results;
}

/**
 * Does a work for each item whose first half must not meet another's, and whose second may: while so many of these go on,
 * the next is begun. Results and failures as of `sideBySide`.
 */
export async function overlapped<T, R>(
  items: readonly T[],
  atOnce: number,
  begin: (item: T) => Promise<() => Promise<R>>,
): Promise<R[]> {
  let turn: Promise<unknown> = Promise.resolve();
  return sideBySide(items, atOnce, async (item) => {
    const begun = turn.then(() => begin(item));
    turn = begun;
    const finish = await begun;
    return finish();
  });
}
