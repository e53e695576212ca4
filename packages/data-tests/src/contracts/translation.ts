import type { Expectation } from "../suite/suite.js";
import type { ContractProperty } from "./contract.js";

/** A part of a contract that became no expectation. */
export interface NotTested {
  /** `schema[0].properties[2].quality[0]` */
  readonly path: string;
  /** `for-people`: says nothing about the data. `not-supported`: speaks of the data, and nobody tests it. */
  readonly kind: "for-people" | "not-supported";
  readonly reason: string;
}

/** Expectations, and what did not become one. Every part of a contract ends up in one of the two. */
export class Translation {
  readonly expectations: Expectation[] = [];
  readonly notTested: NotTested[] = [];

  expect(...expectations: readonly Expectation[]): void {
    this.expectations.push(...expectations);
  }

  notSupported(path: string, reason: string): void {
    this.notTested.push({ path, kind: "not-supported", reason });
  }

  /** Lists the fields of a part that only people read. */
  forPeople(path: string, part: object, handled: readonly string[]): void {
    for (const [name, value] of Object.entries(part)) {
      if (value === undefined || handled.includes(name)) continue;
      const place = path === "" ? name : `${path}.${name}`;
      this.notTested.push({
        path: place,
        kind: "for-people",
        reason: "says nothing about the data that can be tested",
      });
    }
  }
}

/** The column's name in the data. */
export const columnOf = ({ name, physicalName }: Pick<ContractProperty, "name" | "physicalName">): string =>
  physicalName ?? name;

/** Custom property of an object with the names of the columns that tell its rows apart in reports. */
export const rowKey = "rowKey";
