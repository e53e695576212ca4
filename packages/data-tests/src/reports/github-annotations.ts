import { shorten } from "./cell-text.js";
import { type TestReport, testName } from "./test-report.js";

const commands = { error: "error", warning: "warning", info: "notice" } as const;

/**
 * Workflow commands that GitHub Actions shows at the suite files: one line for each expectation that failed and for each
 * suite without a verdict.
 *
 * @example
 * ```ts
 * console.log(githubAnnotations({ tests: [] })); //
 * ```
 */
export function githubAnnotations({ tests }: TestReport): string {
  const lines = tests.flatMap((test) => {
    const place = test.file === null ? "" : `file=${propertyText(test.file)},line=1,`;
    const annotation = (command: string, message: string): string =>
      `::${command} ${place}title=${propertyText(testName(test))}::${messageText(shorten(message, 4000))}\n`;
    if (test.result === null) return [annotation("error", test.error?.message ?? "no verdict")];
    return test.result.results
      .filter(({ passed }) => !passed)
      .map(({ severity, sentence, because }) =>
        annotation(commands[severity], because === null ? sentence : `${sentence} (${because})`),
      );
  });
  return lines.join("");
}

/** What GitHub's toolkit escapes in the text of a command. */
const messageText = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

/** What GitHub's toolkit escapes in a property of a command. */
const propertyText = (text: string): string => messageText(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
