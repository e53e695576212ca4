import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Connection, listConnection } from "./connection.js";

const named = (item: { readonly id: string }): string => item.id;

describe("listConnection", () => {
  it("gives every item once, in order, when its pages are followed", () => {
    const ids = fc.uniqueArray(fc.string(), { maxLength: 40 });
    fc.assert(
      fc.property(ids, fc.integer({ min: 1, max: 12 }), (names, first) => {
        const items = names.map((id) => ({ id }));
        const seen: string[] = [];
        let after: string | null = null;
        for (;;) {
          const page: Connection<(typeof items)[number]> = listConnection(items, { first, after }, named);
          seen.push(...page.nodes.map(named));
          expect(page.edges.map((edge) => edge.node)).toEqual(page.nodes);
          expect(page.totalCount()).toBe(names.length);
          if (!page.pageInfo.hasNextPage) break;
          after = page.pageInfo.endCursor;
        }
        expect(seen).toEqual(names);
      }),
    );
  });

  it("stays right when items are added before the cursor", () => {
    const items = ["b", "d", "f"].map((id) => ({ id }));
    const { pageInfo } = listConnection(items, { first: 2 }, named);
    const later = [{ id: "a" }, { id: "c" }, ...items];
    expect(listConnection(later, { first: 2, after: pageInfo.endCursor }, named).nodes.map(named)).toEqual(["f"]);
  });

  it.each([0, -1, 1.5, 1001])("refuses a page of %d items", (first) => {
    expect(() => listConnection([], { first }, named)).toThrow("a page size from 1 to 1000");
  });

  it("refuses a cursor of another list", () => {
    expect(() => listConnection([{ id: "a" }], { after: "bm9uZQ" }, named)).toThrow("a cursor of this list");
  });
});
