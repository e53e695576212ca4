import type fc from "fast-check";
import type { z } from "zod";
import type { catalogue, KindName } from "../expectations/catalogue.js";
import type { NaiveResult } from "./naive.js";
import type { Row } from "./random-table.js";

/** Another table that expectations may refer to. */
export interface Parent {
  readonly k: number | null;
  readonly x: number | null;
}

export interface Environment {
  readonly parents: readonly Parent[];
  readonly nowMs: number;
}

/** Random options of a kind, and what plain TypeScript makes of them. */
export interface KindCase<Name extends KindName> {
  readonly options: fc.Arbitrary<z.input<(typeof catalogue)[Name]["options"]>>;
  naive(
    rows: readonly Row[],
    options: z.output<(typeof catalogue)[Name]["options"]>,
    environment: Environment,
  ): NaiveResult;
}

export type KindCases = { readonly [Name in KindName]: KindCase<Name> };
export type SomeKindCases<Name extends KindName> = Pick<KindCases, Name>;
