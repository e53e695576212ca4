import { suiteInvalid } from "../errors.js";
import { catalogue, type KindName } from "../expectations/catalogue.js";
import type { Severity } from "../results/result.js";
import type { RowFilter } from "../suite/common.js";
import type { Expectation, Suite } from "../suite/suite.js";
import type { Check } from "./check.js";
import { type ContextOptions, type PlanContext, planContext } from "./context.js";
import { PlanFault } from "./plan-fault.js";

/** An expectation with its options' defaults and what has to be asked; or why it can't be asked. */
export interface Planned {
  readonly id: string;
  readonly kind: KindName;
  readonly severity: Severity;
  readonly owner: string | null;
  readonly because: string | null;
  readonly whenEmpty: "fail" | "pass";
  /** Holds SQL that the suite's author wrote, which the data may not allow. */
  readonly authored: boolean;
  readonly context: PlanContext | null;
  readonly plan: Check | PlanFault;
}

interface CommonOptions {
  readonly id?: string;
  readonly severity?: Severity;
  readonly owner?: string;
  readonly because?: string;
  readonly where?: RowFilter;
  readonly whenEmpty?: "fail" | "pass";
  readonly column?: string;
  readonly columns?: readonly string[];
}

/** @throws DeepwrightError where the suite, and not the data, is wrong */
export function planSuite(suite: Suite, options: ContextOptions): readonly Planned[] {
  const taken = new Set<string>(suite.expectations.flatMap((each) => (each.id === undefined ? [] : [each.id])));
  return suite.expectations.map((expectation) => planOne(expectation, suite, options, taken));
}

function planOne(expectation: Expectation, suite: Suite, options: ContextOptions, taken: Set<string>): Planned {
  const { kind, ...rest } = expectation;
  const common = rest as CommonOptions;
  const head = {
    id: common.id ?? freeId(kind, common, taken),
    kind,
    severity: common.severity ?? suite.severity ?? "error",
    owner: common.owner ?? suite.owner ?? null,
    because: common.because ?? null,
    authored:
      typeof common.where === "string" || kind.startsWith("custom") || kind === "satisfies" || kind === "implies",
    whenEmpty: common.whenEmpty ?? "fail",
  } as const;
  try {
    const context = planContext(options, common.where);
    const definition = catalogue[kind];
    const plan = definition.plan(definition.options.parse(rest) as never, context);
    if (plan.by === "schema" && common.where !== undefined) {
      throw suiteInvalid("no row filter with an expectation about columns", `one in ${head.id}`, "Remove `where`.");
    }
    return { ...head, context, plan };
  } catch (error) {
    if (error instanceof PlanFault) return { ...head, context: null, plan: error };
    throw error;
  }
}

function freeId(kind: string, { column, columns }: CommonOptions, taken: Set<string>): string {
  const name = [kind, ...(column === undefined ? (columns ?? []) : [column])].join(":");
  let id = name;
  for (let number = 2; taken.has(id); number++) id = `${name}:${number}`;
  taken.add(id);
  return id;
}
