import type { ExpectationResult, Severity } from "../results/result.js";

/** What expectations of all catalogues say alike. */
export interface CommonOptions {
  readonly id?: string | undefined;
  readonly severity?: Severity | undefined;
  readonly owner?: string | undefined;
  readonly because?: string | undefined;
  readonly whenEmpty?: "fail" | "pass" | undefined;
}

export type ResultHead = Pick<ExpectationResult, "id" | "kind" | "severity" | "owner" | "because">;

/**
 * Heads of the results of a suite's expectations, with ids where they have none: the kind and what it is about, numbered where that is
 * not unique.
 */
export function resultHeads<Each extends { readonly kind: string } & CommonOptions>(
  suite: {
    readonly severity?: Severity | undefined;
    readonly owner?: string | undefined;
    readonly expectations: readonly Each[];
  },
  about: (expectation: Each) => string | undefined,
): ResultHead[] {
  const taken = new Set(suite.expectations.flatMap(({ id }) => (id === undefined ? [] : [id])));
  return suite.expectations.map((expectation) => {
    const { kind, id, severity, owner, because } = expectation;
    return {
      id: id ?? freeId(kind, about(expectation), taken),
      kind,
      severity: severity ?? suite.severity ?? "error",
      owner: owner ?? suite.owner ?? null,
      because: because ?? null,
    };
  });
}

function freeId(kind: string, about: string | undefined, taken: Set<string>): string {
  const name = about === undefined ? kind : `${kind}:${about}`;
  let id = name;
  for (let number = 2; taken.has(id); number++) id = `${name}:${number}`;
  taken.add(id);
  return id;
}
