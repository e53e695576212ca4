import { DeepwrightError } from "@deepwright/core";
import { GraphQLError } from "graphql";
import { describe, expect, it } from "vitest";
import { formatGraphqlError } from "./errors.js";

function format(original: Error | undefined, message: string, extensions: Record<string, unknown> = {}) {
  const reported: unknown[] = [];
  const error = new GraphQLError(message, { ...(original ? { originalError: original } : {}), extensions });
  return { shown: formatGraphqlError(error.toJSON(), error, (entry) => reported.push(entry)), reported };
}

describe("errors of GraphQL responses", () => {
  it("show a typed failure with all its parts", () => {
    const typed = new DeepwrightError({
      code: "RUN_NOT_FOUND",
      kind: "not-found",
      expected: "the id of a recorded run",
      got: '"abc"',
      todo: "List the runs.",
    });
    const { shown, reported } = format(typed, typed.message);
    expect(shown.message).toBe(typed.message);
    expect(shown.extensions).toMatchObject({ code: "RUN_NOT_FOUND", expected: typed.expected, got: typed.got });
    expect(reported).toEqual([]);
  });

  it("hide SQL, stacks and messages of defects, and report them", () => {
    const defect = new Error('relation "lineage_run" does not exist: select secret from lineage_run');
    const { shown, reported } = format(defect, defect.message);
    expect(JSON.stringify(shown)).not.toMatch(/lineage_run|select|secret|stack/);
    expect(shown.extensions?.code).toBe("INTERNAL_ERROR");
    expect(reported).toEqual([defect]);
  });

  it("hide the got of an internal typed error", () => {
    const internal = new DeepwrightError({ code: "X", kind: "internal", expected: "a", got: "select 1", todo: "b" });
    expect(JSON.stringify(format(internal, internal.message).shown)).not.toContain("select 1");
  });

  it("keep what the client did wrong in its own words", () => {
    const { shown } = format(undefined, 'Cannot query field "x"', {
      code: "GRAPHQL_VALIDATION_FAILED",
      stacktrace: [],
    });
    expect(shown.message).toBe('Cannot query field "x"');
    expect(shown.extensions).toEqual({ code: "GRAPHQL_VALIDATION_FAILED" });
  });
});
