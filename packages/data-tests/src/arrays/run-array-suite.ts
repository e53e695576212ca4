import { type Clock, systemClock } from "@deepwright/core";
import type { ExpectationResult, SuiteResult } from "../results/result.js";
import { outcomeSentence } from "../suite/outcome-sentence.js";
import { type CommonOptions, type ResultHead, resultHeads } from "../suite/run-head.js";
import { arrayContext, type NamedArrays } from "./array-context.js";
import { type ArrayFile, elementCount } from "./array-file.js";
import { arrayCatalogue } from "./catalogue.js";
import { type ArrayContext, ArrayFault, type ArrayPlan } from "./kinds/array-kind.js";
import type { FailingMask } from "./scan/failing-mask.js";
import type { Outcome } from "./scan/scan-check.js";
import { scanVariable } from "./scan/scan-variable.js";
import { type Selection, selectionOf } from "./scan/selection.js";
import { type ArrayExpectation, type ArraySuite, checkArraySuite } from "./suite.js";

export interface ArrayRunOptions {
  readonly signal?: AbortSignal;
  /** Most failing places to show for an expectation. Default: 10. */
  readonly sampleSize?: number;
  /** Other arrays, by the names that expectations use. */
  readonly sources?: Readonly<Record<string, NamedArrays>>;
  /** Bytes that values may take while they are read, whatever the size of the arrays. Default: 256 MiB. */
  readonly memoryLimit?: number;
  readonly clock?: Clock;
}

/** Default of {@link ArrayRunOptions.memoryLimit}. */
const usualArrayMemory = 256 * 1024 ** 2;

interface PlannedArray {
  readonly head: ResultHead;
  readonly whenEmpty: "fail" | "pass";
  readonly plan: ArrayPlan | ArrayFault;
  readonly selection: Selection | null;
  readonly mask: FailingMask | null;
}

/**
 * Runs a suite on arrays. Each array is read once, box by box, for all expectations about it; those that follow cells along different
 * dimensions need a scan for each. The verdict is the same however the array is chunked.
 *
 * @param arrays an open file; the caller closes it
 * @returns a verdict for every expectation; rows are elements, columns are arrays
 * @throws DeepwrightError of the file or of the suite; then there is no verdict at all
 */
export async function runArraySuite(
  arrays: NamedArrays | ArrayFile,
  suite: ArraySuite,
  options: ArrayRunOptions = {},
): Promise<SuiteResult> {
  return (await judgeArrays(arrays, suite, options, false)).result;
}

/** A verdict with all that failed, for who splits good elements from bad ones. */
export interface JudgedArrays {
  readonly result: SuiteResult;
  /** What breaks each expectation, in the order of the results; `null` where no single element does, or no mask was asked for. */
  readonly masks: readonly ({ readonly variable: string; readonly mask: FailingMask } | null)[];
}

/** @param masks marks every failing element: a bit for each element and expectation */
export async function judgeArrays(
  arrays: NamedArrays | ArrayFile,
  suite: ArraySuite,
  options: ArrayRunOptions,
  masks: boolean,
): Promise<JudgedArrays> {
  const checked = checkArraySuite(suite);
  const startedAtMs = (options.clock ?? systemClock).now();
  const named = "file" in arrays ? arrays : { file: arrays };
  const memory = options.memoryLimit ?? usualArrayMemory;
  const limits = { sampleSize: options.sampleSize ?? 10, coordinateBytes: memory / 4, masks };
  const context = arrayContext(named, new Map(Object.entries(options.sources ?? {})), limits);
  const heads = resultHeads(checked, aboutOf);
  const planned: PlannedArray[] = [];
  for (const [index, expectation] of checked.expectations.entries()) {
    planned.push(await planOne(expectation, heads[index] as ResultHead, context));
  }
  const { elements, variables, scans } = await scanAll(planned, context, memory, options.signal);
  const results = planned.map(resultOf);
  const failed = { error: 0, warning: 0, info: 0 };
  for (const result of results) if (!result.passed) failed[result.severity] += 1;
  const result: SuiteResult = {
    suite: checked.name,
    passed: failed.error === 0,
    rowCount: elements,
    columnCount: variables,
    failed,
    results,
    statementCount: scans,
    startedAtMs,
  };
  return { result, masks: planned.map(maskOf) };
}

function maskOf({ plan, mask }: PlannedArray): JudgedArrays["masks"][number] {
  if (plan instanceof ArrayFault || plan.by === "facts" || mask === null || mask.count() === 0) return null;
  return { variable: plan.variable.name, mask };
}

function aboutOf(expectation: ArrayExpectation): string | undefined {
  const { variable, dimension } = expectation as { readonly variable?: string; readonly dimension?: string };
  return variable ?? dimension;
}

async function planOne(expectation: ArrayExpectation, head: ResultHead, context: ArrayContext): Promise<PlannedArray> {
  const { kind, ...rest } = expectation;
  const { whenEmpty = "fail" } = rest as CommonOptions;
  try {
    const definition = arrayCatalogue[kind];
    let mask: FailingMask | null = null;
    const samples: ArrayContext["samples"] = (variable) => {
      const made = context.samples(variable);
      mask = made.mask;
      return made;
    };
    const plan: ArrayPlan = await definition.plan(definition.options.parse(rest) as never, { ...context, samples });
    const isSelective = plan.by === "scan" && plan.region !== undefined;
    const selection = isSelective ? await selectionOf(plan.region ?? {}, plan.variable, context) : null;
    return { head, whenEmpty, plan, selection, mask };
  } catch (error) {
    if (!(error instanceof ArrayFault)) throw error;
    return { head, whenEmpty, plan: error, selection: null, mask: null };
  }
}

/** One scan for each variable and axis; what needs no axis joins the first of its variable. */
async function scanAll(
  planned: readonly PlannedArray[],
  context: ArrayContext,
  memory: number,
  signal: AbortSignal | undefined,
): Promise<{ elements: number; variables: number; scans: number }> {
  const scans = planned.flatMap(({ plan, selection }) =>
    plan instanceof ArrayFault || plan.by === "facts" ? [] : [{ ...plan, selection }],
  );
  const variables = new Set(scans.map(({ variable }) => variable));
  let [elements, count] = [0, 0];
  for (const variable of variables) {
    const own = scans.filter((scan) => scan.variable === variable);
    const axes = [...new Set(own.map(({ axis }) => axis).filter((axis) => axis !== null))];
    elements += elementCount(variable.shape);
    for (const axis of axes.length === 0 ? [null] : axes) {
      const checks = own.filter((scan) => scan.axis === axis || (scan.axis === null && axis === axes[0]));
      await scanVariable(variable, axis, context.decoding(variable), checks, context.file.path, memory, signal);
      count += 1;
    }
  }
  return { elements, variables: variables.size, scans: count };
}

function resultOf({ head, whenEmpty, plan }: PlannedArray): ExpectationResult {
  if (plan instanceof ArrayFault) {
    return {
      ...head,
      columns: [],
      passed: false,
      expected: `${head.kind} to be decidable`,
      observed: null,
      considered: null,
      failing: null,
      sample: [],
      fault: plan.code,
      sentence: `${head.id} can't be decided: ${plan.message}.`,
    };
  }
  const found = plan.by === "facts" ? plan.outcome : plan.check.finish();
  const isEmpty = found.considered === 0;
  const outcome: Outcome = isEmpty
    ? { ...found, passed: whenEmpty === "pass", reason: "there is nothing to look at" }
    : found;
  return {
    ...head,
    columns: plan.by === "facts" ? plan.about : [plan.variable.name],
    passed: outcome.passed,
    expected: plan.expected,
    observed: outcome.observed,
    considered: outcome.considered ?? null,
    failing: outcome.failing ?? null,
    sample: outcome.passed ? [] : (outcome.sample ?? []),
    fault: isEmpty && !outcome.passed ? "NO_ROWS" : null,
    sentence: outcomeSentence(plan.expected, outcome),
  };
}
