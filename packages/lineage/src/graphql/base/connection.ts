import { DeepwrightError } from "@deepwright/core";
import type { Page } from "../../contract/index.js";

/** A page as Relay's cursor connections show it. `totalCount` is a function: GraphQL calls it only when it is asked for. */
export interface Connection<Item> {
  readonly edges: readonly { readonly cursor: string; readonly node: Item }[];
  readonly nodes: readonly Item[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly totalCount: () => number | Promise<number>;
}

/** Makes a connection of a page that the store cut. */
export function pageConnection<Item>(
  page: Page<Item>,
  after: string | null | undefined,
  totalCount: () => number | Promise<number>,
): Connection<Item> {
  return {
    // A getter: a query that asks for `nodes` only does not pay for the edges.
    get edges() {
      return page.items.map((node, index) => ({ cursor: page.cursors[index] ?? "", node }));
    },
    nodes: page.items,
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: typeof after === "string",
      startCursor: page.cursors[0] ?? null,
      endCursor: page.endCursor,
    },
    totalCount,
  };
}

export interface ConnectionArguments {
  readonly first?: number | null;
  readonly after?: string | null;
}

/**
 * Cuts a page out of a list that is in memory as a whole. The cursor names the item, not its position, so a page stays
 * right when items are added before it.
 *
 * @param key what names an item for good: its id or name
 * @throws DeepwrightError `INVALID_CURSOR` when no item has the cursor
 */
export function listConnection<Item>(
  items: readonly Item[],
  { first, after }: ConnectionArguments,
  key: (item: Item) => string,
): Connection<Item> {
  const count = pageSize(first);
  let start = 0;
  if (typeof after === "string") {
    const name = Buffer.from(after, "base64url").toString();
    start = items.findIndex((item) => key(item) === name) + 1;
    if (start === 0) {
      throw new DeepwrightError({
        code: "INVALID_CURSOR",
        expected: "a cursor of this list",
        got: JSON.stringify(after.slice(0, 80)),
        todo: "Begin again without a cursor.",
      });
    }
  }
  const page = items.slice(start, start + count);
  const cursors = page.map((item) => Buffer.from(key(item)).toString("base64url"));
  const hasNextPage = start + count < items.length;
  return pageConnection(
    { items: page, cursors, endCursor: cursors.at(-1) ?? null, hasNextPage },
    after,
    () => items.length,
  );
}

/**
 * The size of a page: 1 .. 1000, default 50.
 *
 * @throws DeepwrightError `INVALID_PAGE_SIZE`
 */
export function pageSize(first: number | null | undefined): number {
  const count = first ?? 50;
  if (Number.isInteger(count) && count >= 1 && count <= 1000) return count;
  throw new DeepwrightError({
    code: "INVALID_PAGE_SIZE",
    expected: "a page size from 1 to 1000",
    got: String(first),
    todo: "Ask for fewer items and follow pageInfo.endCursor.",
  });
}
