import type { DataReference } from "@deepwright/data-tests";
import { invalidOption } from "../parse-options.js";

/** `["orders=orders.parquet"]` as data of objects. @throws DeepwrightError `INVALID_OPTION` */
export function parseContractData(texts: readonly string[]): Record<string, DataReference> {
  return Object.fromEntries(
    texts.map((text): [string, DataReference] => {
      const [, object, file] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
      if (object === undefined || file === undefined)
        throw invalidOption("--data", "an object and a file such as orders=orders.csv", text);
      return [object, { file }];
    }),
  );
}
