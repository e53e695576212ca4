import { type Clock, systemClock } from "@deepwright/core";
import type { ExpectationResult, SuiteResult } from "../results/result.js";
import { outcomeSentence } from "../suite/outcome-sentence.js";
import { type CommonOptions, type ResultHead, resultHeads } from "../suite/run-head.js";
import { imageCatalogue } from "./catalogue.js";
import { type ImageContext, ImageFault, type ImagePlan } from "./kinds/image-kind.js";
import { type ScannedFolder, type ScanOptions, scanImages } from "./scan-images.js";
import { checkImageSuite, type ImageExpectation, type ImageSuite } from "./suite.js";

export interface ImageRunOptions extends ScanOptions {
  /** Most failing images to show for an expectation. Default: 10. */
  readonly sampleSize?: number;
  /** Where relative paths of annotation files begin. Default: the folder of the images. */
  readonly folder?: string;
  readonly clock?: Clock;
}

/** A verdict with all that failed, for who splits good images from bad ones. */
export interface JudgedImages {
  readonly result: SuiteResult;
  readonly scanned: ScannedFolder;
  /** Paths that break an expectation, in the order of the results; `null` where no single image breaks it. */
  readonly failingPaths: readonly (readonly string[] | null)[];
}

/**
 * Runs a suite on a folder of images. Each file is read once for all expectations.
 *
 * @param folder absolute path
 * @returns a verdict for every expectation; rows are images
 * @throws DeepwrightError `DATA_FILE_MISSING`, `SUITE_INVALID`, `ANNOTATIONS_INVALID`; then there is no verdict at all
 */
export async function runImageSuite(
  folder: string,
  suite: ImageSuite,
  options: ImageRunOptions = {},
): Promise<SuiteResult> {
  return (await judgeImages(folder, suite, options)).result;
}

export async function judgeImages(folder: string, suite: ImageSuite, options: ImageRunOptions): Promise<JudgedImages> {
  const checked = checkImageSuite(suite);
  const startedAtMs = (options.clock ?? systemClock).now();
  const scanned = await scanImages(folder, options);
  const context: ImageContext = {
    scanned,
    folder: options.folder ?? folder,
    images: (where) =>
      scanned.images.filter(
        ({ split, label }) =>
          (where?.split === undefined || where.split === split) &&
          (where?.label === undefined || where.label === label),
      ),
  };
  const heads = resultHeads(checked, () => undefined);
  const failed = { error: 0, warning: 0, info: 0 };
  const results: ExpectationResult[] = [];
  const failingPaths: (readonly string[] | null)[] = [];
  for (const [index, expectation] of checked.expectations.entries()) {
    options.signal?.throwIfAborted();
    const plan = await planOne(expectation, context);
    const result = resultOf(plan, heads[index] as ResultHead, expectation, options.sampleSize ?? 10);
    if (!result.passed) failed[result.severity] += 1;
    results.push(result);
    const paths = plan instanceof ImageFault ? [] : plan.failing.flatMap(({ path }) => (path === null ? [] : [path]));
    failingPaths.push(paths.length === 0 ? null : paths);
  }
  const result: SuiteResult = {
    suite: checked.name,
    passed: failed.error === 0,
    rowCount: scanned.images.length,
    columnCount: 1,
    failed,
    results,
    statementCount: 1,
    startedAtMs,
  };
  return { result, scanned, failingPaths };
}

async function planOne({ kind, ...rest }: ImageExpectation, context: ImageContext): Promise<ImagePlan | ImageFault> {
  try {
    const definition = imageCatalogue[kind];
    return await definition.plan(definition.options.parse(rest) as never, context);
  } catch (error) {
    if (error instanceof ImageFault) return error;
    throw error;
  }
}

function resultOf(
  plan: ImagePlan | ImageFault,
  head: ResultHead,
  { whenEmpty = "fail" }: CommonOptions,
  sampleSize: number,
): ExpectationResult {
  if (plan instanceof ImageFault) {
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
  const { expected, observed, considered } = plan;
  const isEmpty = considered === 0;
  const passed = isEmpty ? whenEmpty === "pass" : plan.passed;
  const failing = plan.failing.length;
  const reason = isEmpty ? "there is no image to look at" : plan.reason;
  const outcome = { passed, observed, considered, failing, unit: plan.unit, ...(reason !== undefined && { reason }) };
  return {
    ...head,
    columns: [],
    passed,
    expected,
    observed,
    considered,
    failing,
    sample: passed ? [] : plan.failing.slice(0, sampleSize).map(({ row }) => row),
    fault: isEmpty && !passed ? "NO_ROWS" : null,
    sentence: outcomeSentence(expected, outcome),
  };
}
