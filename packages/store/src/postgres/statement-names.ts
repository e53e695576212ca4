/** Uses after which a statement is worth keeping prepared. */
const usesBeforeNaming = 3;
/** Names given at most: each connection keeps every statement that it prepared. */
const maxNames = 200;
const countedTexts = 1_000;
const maxTextLength = 20_000;

/** No prepared statement has the name; another one has it. */
const confusions: ReadonlySet<unknown> = new Set(["26000", "42P05"]);

/** Whether a statement failed because what is prepared under its name is not what was meant, or out of date. */
export function isConfusion(error: unknown): boolean {
  const { code, routine } = (error ?? {}) as { readonly code?: unknown; readonly routine?: unknown };
  // "cached plan must not change result type" has the code of all features that are not supported.
  return confusions.has(code) || (code === "0A000" && routine === "RevalidateCachedQuery");
}

/**
 * Gives names to statements that come back; `pg` keeps those with a name prepared on each connection, which saves
 * parsing and analyzing them. After a confusion (tables changed by another process, a pooler that hands out connections
 * by transaction) no statement has a name any more.
 */
export class StatementNames {
  readonly #uses = new Map<string, number>();
  readonly #names = new Map<string, string>();
  #enabled = true;

  nameOf(text: string): string | undefined {
    if (!this.#enabled || text.length > maxTextLength) return undefined;
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= maxNames) return known;
    const uses = (this.#uses.get(text) ?? 0) + 1;
    this.#uses.delete(text);
    if (uses < usesBeforeNaming) {
      this.#uses.set(text, uses);
      if (this.#uses.size > countedTexts) this.#uses.delete(this.#uses.keys().next().value ?? "");
      return undefined;
    }
    const name = `deepwright_${this.#names.size + 1}`;
    this.#names.set(text, name);
    return name;
  }

  disable(): void {
    this.#enabled = false;
  }
}
