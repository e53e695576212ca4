import { seededRng } from "@deepwright/core";
import type { Sale } from "./sale.js";

/** The sales as the database had them on one day. */
export interface Snapshot {
  readonly name: string;
  readonly sales: readonly Sale[];
}

/** Sales that were registered late, and prices that were corrected, between the two snapshots; parts of all. */
const lateShare = 0.002;
const correctedShare = 0.001;

/** The snapshot that the earlier runs read and the refreshed one: late sales came in, a few prices were corrected. */
export function makeSnapshots(sales: readonly Sale[]): readonly [Snapshot, Snapshot] {
  const rng = seededRng(20150611);
  const early: Sale[] = [];
  for (const sale of sales) {
    const draw = rng.uniform();
    if (draw < lateShare) continue;
    const wrong = draw < lateShare + correctedShare;
    early.push(wrong ? { ...sale, price: Math.round(sale.price * (0.95 + 0.1 * rng.uniform())) } : sale);
  }
  return [
    { name: "2015_05_28", sales: early },
    { name: "2015_06_11", sales },
  ];
}

/** Sales of the zip codes with the most of them, until there are `count`: density is what the index needs. */
export function densestZipCodes(sales: readonly Sale[], count: number): Sale[] {
  const byZip = new Map<number, Sale[]>();
  for (const sale of sales) {
    const known = byZip.get(sale.zipcode);
    if (known) known.push(sale);
    else byZip.set(sale.zipcode, [sale]);
  }
  const kept = new Set<number>();
  let size = 0;
  for (const [zipcode, group] of [...byZip].sort((a, b) => b[1].length - a[1].length || a[0] - b[0])) {
    if (size >= count) break;
    kept.add(zipcode);
    size += group.length;
  }
  return sales.filter((sale) => kept.has(sale.zipcode));
}
