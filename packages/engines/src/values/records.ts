/** Makes objects with the given keys in the given order, also for keys such as `__proto__`. */
export function recordMaker<Value>(names: readonly string[]): (values: readonly Value[]) => Record<string, Value> {
  if (names.includes("__proto__")) {
    return (values) => Object.fromEntries(names.map((name, index) => [name, values[index] as Value]));
  }
  return (values) => {
    const record: Record<string, Value> = {};
    for (let index = 0; index < names.length; index++) record[names[index] as string] = values[index] as Value;
    return record;
  };
}

/** Column names made unique: the second `a` becomes `a:1`, the third `a:2`. */
export function uniqueNames(names: readonly string[]): string[] {
  const given = new Set(names);
  const used = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let count = 1; used.has(unique) || (count > 1 && given.has(unique)); count++) unique = `${name}:${count}`;
    used.add(unique);
    return unique;
  });
}
