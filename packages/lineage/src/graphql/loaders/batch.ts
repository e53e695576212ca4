import DataLoader from "dataloader";

/**
 * A dataloader over one batch function that gives a map: keys that are asked for in one turn of the event loop go into one
 * call. `missing` makes the value of a key that the map lacks.
 */
export function mapLoader<Key, Value>(
  load: (keys: readonly Key[]) => Promise<ReadonlyMap<string, Value>>,
  missing: (key: Key) => Value,
  keyText: (key: Key) => string = String,
): DataLoader<Key, Value, string> {
  return new DataLoader<Key, Value, string>(
    async (keys) => {
      const found = await load(keys);
      return keys.map((key) => found.get(keyText(key)) ?? missing(key));
    },
    { cacheKeyFn: keyText },
  );
}

/** Groups rows by a key, keeping their order. */
export function groupBy<Row>(rows: readonly Row[], key: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
  }
  return groups;
}
