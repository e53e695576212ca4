import { resolve } from "node:path";
import type { TestReport } from "@deepwright/data-tests";
import type { CliContext } from "../context.js";
import { version } from "../version.js";
import { writeTextFile } from "../write-text-file.js";
import type { DataTests } from "./load-data-tests.js";

export interface ReportFiles {
  readonly junit?: string;
  readonly sarif?: string;
  readonly html?: string;
  readonly markdown?: string;
}

/** Writes the reports that were asked for. @throws DeepwrightError `FILE_NOT_WRITTEN` */
export async function writeReports(
  report: TestReport,
  files: ReportFiles,
  dataTests: DataTests,
  cli: CliContext,
): Promise<void> {
  const renderers = {
    junit: () => dataTests.junitXml(report),
    sarif: () => dataTests.sarif(report, { version: version() }),
    html: () => dataTests.htmlReport(report),
    markdown: () => dataTests.markdownReport(report),
  };
  for (const [format, render] of Object.entries(renderers)) {
    const file = files[format as keyof ReportFiles];
    if (file !== undefined) await writeTextFile(resolve(cli.streams.workingDirectory, file), render());
  }
}
