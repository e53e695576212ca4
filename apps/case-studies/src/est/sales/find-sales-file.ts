import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { DeepwrightError } from "@deepwright/core";

const fileName = "king_county_sales.csv";

/** `dist/est/sales` lies five levels below the root of the repository; beside it may lie shared data. */
const besideRepository = fileURLToPath(new URL("../../../../../../shared/data", import.meta.url));

/**
 * Finds the published sales: below `data`, else below `DEEPWRIGHT_DATA`, else in `../shared/data` beside the repository.
 *
 * @returns `null` when none is found and none was asked for by name: the case then generates sales
 * @throws DeepwrightError `DATA_NOT_FOUND` when `data` is given and does not hold the file
 */
export function findSalesFile(
  data: string | undefined,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | null {
  for (const folder of data === undefined ? [environment.DEEPWRIGHT_DATA, besideRepository] : [data]) {
    if (folder === undefined || folder === "") continue;
    const found = [join(folder, "est", fileName), join(folder, fileName)].find((file) => existsSync(file));
    if (found !== undefined) return resolve(found);
  }
  if (data === undefined) return null;
  throw new DeepwrightError({
    code: "DATA_NOT_FOUND",
    kind: "not-found",
    expected: `${fileName} or est/${fileName} in the folder given by --data`,
    got: `neither in ${JSON.stringify(data)}`,
    todo: "Give another folder, or leave --data out for generated sales.",
  });
}
