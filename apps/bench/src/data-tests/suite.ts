import { defineSuite, expectations, type Suite } from "@deepwright/data-tests";
import { bounds, countries, present, statuses } from "./table.js";

/** Forty expectations, all of which hold on the whole table; the same ones are written for the peers in `peers.ts`. */
export const suite: Suite = defineSuite({
  name: "orders",
  expectations: [
    ...present.map((column) => expectations.notNull({ column })),
    ...bounds.map(([column, min, max]) => expectations.between({ column, min, max })),
    expectations.inSet({ column: "status", values: statuses }),
    expectations.inSet({ column: "country", values: countries }),
    expectations.matches({ column: "sku", pattern: "^[A-Z]{3}-[0-9]{5}$" }),
    expectations.matches({ column: "country", pattern: "^[A-Z]{2}$" }),
    expectations.lengthBetween({ column: "sku", min: 9, max: 9 }),
    expectations.lengthBetween({ column: "country", min: 2, max: 2 }),
    expectations.lengthBetween({ column: "note", max: 40, nulls: "ignore" }),
    expectations.unique({ column: "id" }),
    expectations.meanBetween({ column: "amount", min: 490, max: 510 }),
    expectations.meanBetween({ column: "rating", min: 2.4, max: 2.6 }),
    expectations.meanBetween({ column: "age", min: 59, max: 61 }),
    expectations.standardDeviationBetween({ column: "amount", min: 280, max: 300 }),
    expectations.medianBetween({ column: "price", min: 440, max: 480 }),
    expectations.sumBetween({ column: "quantity", min: 1 }),
    expectations.compareColumns({ left: "cost", is: "<=", right: "price" }),
    expectations.distinctCountBetween({ column: "status", min: 5, max: 5 }),
  ],
});
