import type { Store } from "@deepwright/store";
import { numericColumns } from "./sale.js";
import type { Snapshot } from "./snapshots.js";

const types: Partial<Record<(typeof numericColumns)[number], string>> = {
  id: "int8",
  yr_built: "int4",
  yr_renovated: "int4",
  zipcode: "int4",
};

const typeOf = (name: (typeof numericColumns)[number]): string => types[name] ?? "float8";

/** Makes the table `sales` and fills it, in one transaction; what it held of an earlier call is replaced. */
export async function loadSales(database: Store, snapshots: readonly Snapshot[]): Promise<void> {
  const columns = numericColumns.map((name) => `${name} ${typeOf(name)} not null`);
  await database.transaction(async (transaction) => {
    await transaction.query("drop table if exists sales");
    await transaction.query(
      `create table sales (snapshot text not null, sold_on date not null, ${columns.join(", ")})`,
    );
    for (const { name, sales } of snapshots) {
      await transaction.insertColumns("sales", {
        snapshot: { type: "text", values: sales.map(() => name) },
        sold_on: { type: "date", values: sales.map((sale) => sale.sold_on) },
        ...Object.fromEntries(
          numericColumns.map((column) => [column, { type: typeOf(column), values: sales.map((sale) => sale[column]) }]),
        ),
      });
    }
    await transaction.query("create index sales_by_snapshot on sales (snapshot)");
  });
}
