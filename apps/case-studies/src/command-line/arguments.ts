import { parseArgs } from "node:util";
import { DeepwrightError } from "@deepwright/core";

/** What the command line asks for. */
export interface CaseCommand {
  readonly action: "run" | "help";
  readonly name: string;
  readonly data?: string;
  readonly generated: boolean;
  readonly store?: string;
  readonly database?: string;
  readonly workdir?: string;
  readonly out: string;
  readonly full: boolean;
  readonly small: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** The cases that this version can run. */
const caseNames = ["est"] as const;

export const usage = `npm run case -- NAME [options]

  est                  real-estate valuation: which of the differences of a refactoring made it worse, proven by re-runs

  --data DIR           folder with the published data (default: DEEPWRIGHT_DATA, ../shared/data; generated otherwise)
  --generated          use generated data even where published data is
  --store URI          where runs are recorded: file:, postgres: or a gateway (default: the nearest .deepwright)
  --database URI       file: or postgres: database for the sales (default: an embedded one)
  --workdir DIR        folder for the project (default: one beside the program, made anew by each call)
  --out DIR            folder for the report (default: .deepwright/cases/NAME)
  --full               the hard form of the case as well
  --small              less data and smaller models
  --json               one JSON document on standard output, progress on standard error
  --quiet              no progress
  --help               print this and end`;

/** @throws DeepwrightError `INVALID_ARGUMENT`, `CASE_NOT_FOUND` */
export function parseCommandLine(words: readonly string[]): CaseCommand {
  const { values, positionals } = readWords(words);
  const [name = "", ...rest] = positionals;
  const { data, store, database, workdir } = values;
  if (!values.help && !(caseNames as readonly string[]).includes(name)) {
    throw new DeepwrightError({
      code: "CASE_NOT_FOUND",
      kind: "not-found",
      expected: `the name of a case (${caseNames.join(", ")})`,
      got: name === "" ? "none" : JSON.stringify(name),
      todo: "Write for example `npm run case -- est`.",
    });
  }
  if (rest.length > 0) throw invalid(`${JSON.stringify(rest[0])} behind the name of the case`);
  if (data !== undefined && values.generated) throw invalid("both --data and --generated");
  return {
    action: values.help ? "help" : "run",
    name,
    ...(data === undefined ? {} : { data }),
    ...(store === undefined ? {} : { store }),
    ...(database === undefined ? {} : { database }),
    ...(workdir === undefined ? {} : { workdir }),
    out: values.out ?? `.deepwright/cases/${name}`,
    generated: values.generated,
    full: values.full,
    small: values.small,
    json: values.json,
    quiet: values.quiet,
  };
}

function readWords(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        data: { type: "string" },
        generated: { type: "boolean", default: false },
        store: { type: "string" },
        database: { type: "string" },
        workdir: { type: "string" },
        out: { type: "string" },
        full: { type: "boolean", default: false },
        small: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        quiet: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
}

function invalid(got: string): DeepwrightError {
  return new DeepwrightError({
    code: "INVALID_ARGUMENT",
    expected: "the name of a case and its options",
    got,
    todo: "See `npm run case -- --help`.",
  });
}
