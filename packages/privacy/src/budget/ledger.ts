import { type Clock, DeepwrightError, newId, parseJson, systemClock } from "@deepwright/core";
import type { SqlExecutor, Store } from "@deepwright/store";
import { epsilonOf } from "../accounting/accountant.js";
import type { Neighbors, PrivacyEvent } from "../accounting/event.js";
import { flattenEvents } from "../accounting/flatten.js";
import { requireOpenProbability, requirePositive } from "../arguments.js";
import { privacyMigrations } from "../db/migrations/index.js";

/** What a budget allows and what has been spent of it. */
export interface BudgetState {
  readonly name: string;
  readonly epsilon: number;
  readonly delta: number;
  readonly neighbors: Neighbors;
  /** Epsilon of everything charged so far, at `delta`. */
  readonly spentEpsilon: number;
  /** Number of charges. */
  readonly charges: number;
}

export interface Charge {
  readonly id: string;
  readonly event: PrivacyEvent;
  readonly purpose: string;
  readonly chargedBy: string;
  /** Spent epsilon of the budget after this charge. */
  readonly epsilonAfter: number;
  readonly chargedAtMs: number;
}

/** Keeps privacy budgets in a database, where several processes share them. */
export interface BudgetLedger {
  /**
   * Makes a budget, or gives the one that exists with the same limits.
   *
   * @throws DeepwrightError `INVALID_ARGUMENT`, `BUDGET_EXISTS` when it exists with other limits
   */
  declare(input: {
    readonly name: string;
    readonly epsilon: number;
    readonly delta: number;
    readonly neighbors?: Neighbors;
  }): Promise<BudgetState>;
  /** @throws DeepwrightError `BUDGET_NOT_FOUND` */
  state(name: string): Promise<BudgetState>;
  /** What would be spent after this event, without charging it. */
  preview(name: string, event: PrivacyEvent): Promise<{ readonly epsilonAfter: number; readonly allowed: boolean }>;
  /**
   * Charges an event before its result is released. What is charged stays charged, also when the release then fails: a
   * crash may have shown the result to somebody.
   *
   * @throws DeepwrightError `BUDGET_EXHAUSTED`, `BUDGET_NOT_FOUND`, `UNSUPPORTED_EVENT`; nothing is charged then
   */
  charge(input: {
    readonly budget: string;
    readonly event: PrivacyEvent;
    readonly purpose: string;
    readonly chargedBy: string;
  }): Promise<Charge>;
  /**
   * Charges one event to several budgets at once: to all, or where one of them can't bear it, to none. One charge a budget,
   * in the order of the names given.
   *
   * @throws DeepwrightError as `charge`
   */
  chargeAll(input: {
    readonly budgets: readonly string[];
    readonly event: PrivacyEvent;
    readonly purpose: string;
    readonly chargedBy: string;
  }): Promise<readonly Charge[]>;
  /** All charges of a budget, oldest first. */
  charges(name: string): Promise<readonly Charge[]>;
}

interface BudgetRow {
  readonly id: string;
  readonly name: string;
  readonly epsilon: number;
  readonly delta: number;
  readonly neighbors: Neighbors;
  readonly spent_json: string;
}

/** Equal events are counted, so that what was spent stays short however often it is charged. */
function joined(spent: PrivacyEvent, event: PrivacyEvent): PrivacyEvent {
  const events = flattenEvents({ kind: "composed", events: [spent, event] });
  return { kind: "composed", events: events.map((entry) => ({ kind: "repeated", ...entry })) };
}

async function readBudget(executor: SqlExecutor, name: string, lock: "" | "for update"): Promise<BudgetRow> {
  const [row] = await executor.query<BudgetRow>(
    `select id, name, epsilon, delta, neighbors, spent_json from privacy_budget where name = $1 ${lock}`,
    [name],
  );
  if (row) return row;
  throw new DeepwrightError({
    code: "BUDGET_NOT_FOUND",
    kind: "not-found",
    expected: "the name of a declared budget",
    got: JSON.stringify(name),
    todo: "Declare the budget first; nothing was spent or released.",
  });
}

const spentOf = (row: BudgetRow): PrivacyEvent => parseJson<PrivacyEvent>(row.spent_json);

function epsilonAfter(row: BudgetRow, event: PrivacyEvent): { after: number; spent: PrivacyEvent } {
  const spent = joined(spentOf(row), event);
  return { after: epsilonOf(spent, { delta: row.delta, neighbors: row.neighbors }), spent };
}

/**
 * Opens the ledger of a database.
 *
 * @param store an open store; its tables are brought up to date
 * @example
 * ```ts
 * const ledger = await openBudgetLedger(await openStore("file:.deepwright"));
 * await ledger.declare({ name: "analysts", epsilon: 2, delta: 1e-6 });
 * const mechanism = laplaceMechanism({ epsilon: 0.5, sensitivity: 1 });
 * await ledger.charge({ budget: "analysts", event: mechanism.event, purpose: "players a day", chargedBy: "ann" });
 * console.log(mechanism.release(1200n));
 * ```
 */
export async function openBudgetLedger(store: Store, options: { readonly clock?: Clock } = {}): Promise<BudgetLedger> {
  const { clock = systemClock } = options;
  await store.migrate([privacyMigrations]);

  async function stateOf(row: BudgetRow): Promise<BudgetState> {
    const [count] = await store.query<{ count: number }>(
      "select count(*)::int as count from privacy_charge where budget_id = $1",
      [row.id],
    );
    const { name, epsilon, delta, neighbors } = row;
    const spentEpsilon = epsilonOf(spentOf(row), { delta, neighbors });
    return { name, epsilon, delta, neighbors, spentEpsilon, charges: count?.count ?? 0 };
  }

  async function chargeOne(
    transaction: SqlExecutor,
    budget: string,
    input: { readonly event: PrivacyEvent; readonly purpose: string; readonly chargedBy: string },
  ): Promise<Charge> {
    const { event, purpose, chargedBy } = input;
    // The lock makes concurrent charges take turns: each sees what the one before has spent.
    const row = await readBudget(transaction, budget, "for update");
    const { after, spent } = epsilonAfter(row, event);
    if (!(after <= row.epsilon)) {
      throw new DeepwrightError({
        code: "BUDGET_EXHAUSTED",
        kind: "not-allowed",
        expected: `at most epsilon ${row.epsilon} at delta ${row.delta} spent of ${JSON.stringify(budget)}`,
        got: `${after.toPrecision(4)} after this release`,
        todo: "Ask for less, with more noise, or with another budget; nothing was spent or released.",
        details: { budget, epsilon: row.epsilon, epsilonAfter: after },
      });
    }
    const charge = { id: newId(), event, purpose, chargedBy, epsilonAfter: after, chargedAtMs: clock.now() };
    await transaction.query("update privacy_budget set spent_json = $2 where id = $1", [row.id, JSON.stringify(spent)]);
    await transaction.query(
      `insert into privacy_charge (id, budget_id, event_json, purpose, charged_by, epsilon_after, charged_at_ms)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [charge.id, row.id, JSON.stringify(event), purpose, chargedBy, after, charge.chargedAtMs],
    );
    return charge;
  }

  return {
    async declare({ name, epsilon, delta, neighbors = "add-or-remove-one" }) {
      requirePositive("epsilon", epsilon);
      requireOpenProbability("delta", delta);
      const nothing: PrivacyEvent = { kind: "composed", events: [] };
      await store.query(
        `insert into privacy_budget (id, name, epsilon, delta, neighbors, spent_json, created_at_ms)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (name) do nothing`,
        [newId(), name, epsilon, delta, neighbors, JSON.stringify(nothing), clock.now()],
      );
      const row = await readBudget(store, name, "");
      if (row.epsilon !== epsilon || row.delta !== delta || row.neighbors !== neighbors) {
        throw new DeepwrightError({
          code: "BUDGET_EXISTS",
          kind: "conflict",
          expected: `the limits of ${JSON.stringify(name)}: epsilon ${row.epsilon}, delta ${row.delta}, ${row.neighbors}`,
          got: `epsilon ${epsilon}, delta ${delta}, ${neighbors}`,
          todo: "Budgets are never raised afterwards; declare another one by another name.",
        });
      }
      return stateOf(row);
    },
    state: async (name) => stateOf(await readBudget(store, name, "")),
    async preview(name, event) {
      const row = await readBudget(store, name, "");
      const { after } = epsilonAfter(row, event);
      return { epsilonAfter: after, allowed: after <= row.epsilon };
    },
    charge: ({ budget, event, purpose, chargedBy }) =>
      store.transaction((transaction) => chargeOne(transaction, budget, { event, purpose, chargedBy })),
    chargeAll: ({ budgets, event, purpose, chargedBy }) =>
      store.transaction(async (transaction) => {
        const charged = new Map<string, Charge>();
        // Locks are taken in one order everywhere, so that two charges never wait for each other.
        for (const budget of [...new Set(budgets)].sort()) {
          charged.set(budget, await chargeOne(transaction, budget, { event, purpose, chargedBy }));
        }
        return budgets.map((budget) => charged.get(budget) as Charge);
      }),
    async charges(name) {
      const { id } = await readBudget(store, name, "");
      const rows = await store.query<{
        id: string;
        event_json: string;
        purpose: string;
        charged_by: string;
        epsilon_after: number;
        charged_at_ms: number;
      }>(
        `select id, event_json, purpose, charged_by, epsilon_after, charged_at_ms from privacy_charge
         where budget_id = $1 order by charged_at_ms, id`,
        [id],
      );
      return rows.map((row) => ({
        id: row.id,
        event: parseJson<PrivacyEvent>(row.event_json),
        purpose: row.purpose,
        chargedBy: row.charged_by,
        epsilonAfter: row.epsilon_after,
        chargedAtMs: Number(row.charged_at_ms),
      }));
    },
  };
}
