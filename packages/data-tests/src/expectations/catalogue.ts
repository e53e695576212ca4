import * as crossColumn from "./cross-column.js";
import * as custom from "./custom.js";
import * as distribution from "./distribution.js";
import * as figures from "./figures.js";
import * as freshness from "./freshness.js";
import * as groups from "./groups.js";
import * as keys from "./keys.js";
import * as order from "./order.js";
import * as presence from "./presence.js";
import * as ranges from "./ranges.js";
import * as schema from "./schema.js";
import * as sets from "./sets.js";
import * as texts from "./texts.js";
import * as uniqueness from "./uniqueness.js";
import * as volume from "./volume.js";

/** Every kind of expectation by its name, as suites write it. */
export const catalogue = {
  ...presence,
  ...schema,
  ...volume,
  ...ranges,
  ...sets,
  ...texts,
  ...uniqueness,
  ...keys,
  ...crossColumn,
  ...figures,
  ...distribution,
  ...freshness,
  ...order,
  ...groups,
  ...custom,
} as const;

export type KindName = keyof typeof catalogue;
export const kindNames = Object.keys(catalogue) as readonly KindName[];
