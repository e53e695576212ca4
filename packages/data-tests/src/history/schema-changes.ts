import type { PartitionState } from "./state.js";

/** A column that is not what it was in the partition before. */
export interface SchemaChange {
  readonly column: string;
  readonly change: "added" | "removed" | "type";
  /** Family of types; `null` where there was or is no such column. */
  readonly before: string | null;
  readonly after: string | null;
}

export function schemaChanges(before: PartitionState | undefined, after: PartitionState): readonly SchemaChange[] {
  if (before === undefined) return [];
  const names = [...new Set([...Object.keys(before.columns), ...Object.keys(after.columns)])];
  return names.flatMap((column): SchemaChange[] => {
    const [was, is] = [familyOf(before, column), familyOf(after, column)];
    if (was === is) return [];
    return [{ column, change: was === null ? "added" : is === null ? "removed" : "type", before: was, after: is }];
  });
}

const familyOf = ({ columns }: PartitionState, name: string): string | null =>
  Object.hasOwn(columns, name) ? (columns[name]?.family ?? null) : null;
