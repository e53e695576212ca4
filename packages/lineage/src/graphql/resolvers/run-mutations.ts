import { DeepwrightError, refuseNul } from "@deepwright/core";
import { withUserErrors } from "../base/user-errors.js";
import type { SliceContext } from "../context.js";
import { runIdOf } from "./arguments.js";

interface Input<Fields> {
  readonly input: Fields & { readonly runId: string };
}

interface TagFields {
  readonly set?: readonly { readonly key: string; readonly value: string }[] | null;
  readonly remove?: readonly string[] | null;
}

function tagChanges({ set, remove }: TagFields): Record<string, string | null> {
  const changes: Record<string, string | null> = Object.create(null);
  for (const key of remove ?? []) changes[refuseNul(key, "the key of a tag")] = null;
  for (const { key, value } of set ?? []) {
    if (key === "") {
      throw new DeepwrightError({
        code: "INVALID_TAG",
        expected: "a key that is not empty",
        got: '""',
        todo: "Name the tag.",
      });
    }
    changes[refuseNul(key, "the key of a tag")] = refuseNul(value, "the value of a tag");
  }
  return { ...changes };
}

export const runMutations = {
  Mutation: {
    setRunTags: (_: never, { input }: Input<TagFields>, { lineage }: SliceContext) =>
      withUserErrors(async () => ({
        run: await lineage.runs.setTags({ id: runIdOf(input.runId), tags: tagChanges(input) }),
      })),
    setRunNote: (_: never, { input }: Input<{ readonly note: string }>, { lineage }: SliceContext) =>
      withUserErrors(async () => ({
        run: await lineage.runs.setNote({ id: runIdOf(input.runId), note: refuseNul(input.note, "the note of a run") }),
      })),
    archiveRun: (_: never, { input }: Input<{ readonly archived?: boolean | null }>, { lineage }: SliceContext) =>
      withUserErrors(async () => ({
        run: await lineage.runs.archiveRun({ id: runIdOf(input.runId), archived: input.archived ?? true }),
      })),
  },
};
