import { findSalesFile } from "./find-sales-file.js";
import { generateSales } from "./generate-sales.js";
import { readSalesFile } from "./read-sales-file.js";
import type { Sale } from "./sale.js";
import { densestZipCodes } from "./snapshots.js";

export interface SalesChoice {
  /** Folder with the published file. */
  readonly data?: string;
  readonly generated: boolean;
  readonly small: boolean;
}

export interface PreparedSales {
  readonly sales: readonly Sale[];
  /** One sentence for the report: where they come from. */
  readonly origin: string;
  readonly isGenerated: boolean;
}

/** Sales of a small case. */
const smallCount = 5000;
const seed = 7;

/** Reads the published sales, or generates some where there are none. */
export async function prepareSales({ data, generated, small }: SalesChoice): Promise<PreparedSales> {
  const file = generated ? null : findSalesFile(data);
  if (file === null) {
    const sales = generateSales({ seed, count: small ? smallCount : 21_600, zipCodes: small ? 14 : 70 });
    const origin = `${sales.length} generated sales with the columns of the King County file (seed ${seed}; each zip code has a price level that moves over time)`;
    return { sales, origin, isGenerated: true };
  }
  const all = await readSalesFile(file);
  const sales = small ? densestZipCodes(all, smallCount) : all;
  const origin = `${sales.length} house sales in King County, 2014-05 to 2015-05${small ? ", of the zip codes with the most sales" : ""}`;
  return { sales, origin, isGenerated: false };
}
