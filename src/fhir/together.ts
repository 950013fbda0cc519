/**
 * Looks things up by their ids. Who asks while a look-up is under way shares the next one: many callers cost one query,
 * and a single one waits for nobody. A look-up begins after it is asked for, so it finds what was committed before.
 */
export function together<Row extends { readonly id: string }>(
  find: (ids: readonly string[]) => Promise<readonly Row[]>,
): (id: string) => Promise<Row | null> {
  type Lookup = { readonly ids: Set<string>; readonly rows: Promise<ReadonlyMap<string, Row>> };
  let next: Lookup | null = null;
  let underWay: Promise<unknown> = Promise.resolve();

  function gather(): Lookup {
    const ids = new Set<string>();
    const rows = underWay.then(async () => {
      next = null;
      return new Map((await find([...ids])).map((row) => [row.id, row]));
    });
    // The next one waits for its end, however it ends.
    underWay = rows.catch(() => undefined);
    return { ids, rows };
  }

  return async (id) => {
    next ??= gather();
    const { ids, rows } = next;
    ids.add(id);
    return (await rows).get(id) ?? null;
  };
}
