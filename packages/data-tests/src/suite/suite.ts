import { z } from "zod";
import { suiteInvalid } from "../errors.js";
import { catalogue, type KindName } from "../expectations/catalogue.js";
import { columnNames, severities } from "./common.js";

type Options<Name extends KindName> = z.input<(typeof catalogue)[Name]["options"]>;

/** One expectation as JSON, YAML and TypeScript write it: its kind and what the kind may say. */
export type Expectation = { [Name in KindName]: { readonly kind: Name } & Options<Name> }[KindName];

export interface Suite {
  readonly name: string;
  readonly description?: string | undefined;
  /** Columns that name a row; shown with failing rows. */
  readonly key?: readonly string[] | undefined;
  readonly owner?: string | undefined;
  /** Default: `error`. */
  readonly severity?: (typeof severities)[number] | undefined;
  readonly expectations: readonly Expectation[];
}

const head = z.strictObject({
  name: z.string().min(1),
  description: z.string().optional(),
  key: columnNames.optional(),
  owner: z.string().min(1).optional(),
  severity: z.enum(severities).optional(),
  expectations: z.array(z.looseObject({ kind: z.string() })).min(1),
});

/**
 * Checks a suite, from TypeScript or from parsed JSON or YAML.
 *
 * @throws DeepwrightError `SUITE_INVALID` that names the expectation and the field
 */
export function checkSuite(value: unknown): Suite {
  return checkAgainst(catalogue, value) as unknown as Suite;
}

/** What a kind of any catalogue may say. */
type Kinds = Readonly<Record<string, { readonly options: z.ZodType }>>;

/**
 * Checks a suite whose expectations are of the kinds of a catalogue.
 *
 * @throws DeepwrightError `SUITE_INVALID` that names the expectation and the field
 */
export function checkAgainst(kinds: Kinds, value: unknown): z.output<typeof head> {
  const parsed = head.safeParse(value);
  if (!parsed.success) throw invalid("the suite", parsed.error);
  const ids = new Map<string, number>();
  parsed.data.expectations.forEach((expectation, index) => {
    const place = `expectation ${index + 1} (${expectation.kind})`;
    const definition = Object.hasOwn(kinds, expectation.kind) ? kinds[expectation.kind] : undefined;
    if (definition === undefined) {
      const near = nearest(expectation.kind, Object.keys(kinds));
      throw suiteInvalid(
        "a known kind of expectation",
        `${JSON.stringify(expectation.kind)} in expectation ${index + 1}`,
        `Did you mean ${near}? The catalogue lists all kinds.`,
        { index },
      );
    }
    const { kind: _, ...options } = expectation;
    const checked = definition.options.safeParse(options);
    if (!checked.success) throw invalid(place, checked.error);
    if (typeof options.id !== "string") return;
    const earlier = ids.get(options.id);
    if (earlier !== undefined) {
      throw suiteInvalid(
        "ids that are unique",
        `${JSON.stringify(options.id)} in expectations ${earlier} and ${index + 1}`,
        "Rename one of them.",
      );
    }
    ids.set(options.id, index + 1);
  });
  return parsed.data;
}

function invalid(place: string, error: z.ZodError): Error {
  const issue = error.issues[0];
  const path = issue?.path.join(".") ?? "";
  return suiteInvalid(
    `${place} to be well formed`,
    `${path === "" ? "" : `${path}: `}${issue?.message ?? "something else"}`,
    "Correct it; the catalogue says what each kind takes.",
    { issues: error.issues.map(({ path, message }) => ({ path, message })) },
  );
}

/** The name with the fewest edits (Levenshtein, 1965). */
function nearest(name: string, names: readonly string[]): string {
  const distance = (left: string, right: string): number => {
    let row = Array.from({ length: right.length + 1 }, (_, index) => index);
    for (let i = 1; i <= left.length; i++) {
      const next = [i];
      for (let j = 1; j <= right.length; j++) {
        const change = (row[j - 1] as number) + (left[i - 1] === right[j - 1] ? 0 : 1);
        next.push(Math.min(change, (row[j] as number) + 1, (next[j - 1] as number) + 1));
      }
      row = next;
    }
    return row[right.length] as number;
  };
  return names.reduce((best, each) => (distance(name, each) < distance(name, best) ? each : best), names[0] as string);
}
