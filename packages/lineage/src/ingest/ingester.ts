import { type Clock, type DeepwrightError, isDeepwrightError } from "@deepwright/core";
import type { SqlExecutor, Store } from "@deepwright/store";
import type { IngestBatch, IngestReceipt, LineageEvent, RefusedEvent } from "../contract/index.js";
import { adoptOrphans } from "./adopt-orphans.js";
import { type Checked, type CheckedBatch, checkBatch, setAside } from "./check-batch.js";
import { Compactor } from "./compact.js";
import { gap, noRun, unstorable } from "./errors.js";
import { Maintenance } from "./maintenance.js";
import { Plan } from "./plan.js";
import { KnownRows, lookUpRuns, preparePlan } from "./prepare-plan.js";
import { isDataFailure, isOvertaken } from "./sql-failure.js";
import { writePlan } from "./write-plan.js";

interface Pending extends CheckedBatch {
  readonly resolve: (receipt: IngestReceipt) => void;
  readonly reject: (error: unknown) => void;
}

const attemptLimit = 20;
const groupBatches = 256;
const groupEvents = 20_000;

/**
 * Takes batches of events into the store, exactly once by (source, sequence).
 *
 * Calls that come while a statement runs wait and then go together in the next one (group commit), so many small batches
 * cost little more than one. A batch that breaks the statement is tried alone and then in halves, until only the event
 * that can't be stored is set aside with its reason: a log never stops at a bad event.
 */
export class Ingester {
  private readonly queue: Pending[] = [];
  private working: Promise<void> | undefined;
  private readonly known = new KnownRows();
  private readonly positions = new Map<string, number>();
  private readonly compactor: Compactor;
  private readonly maintenance: Maintenance;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {
    this.compactor = new Compactor(store);
    this.maintenance = new Maintenance(store);
  }

  /** @throws DeepwrightError `INVALID_BATCH`, `INGEST_GAP` */
  ingest(batch: IngestBatch): Promise<IngestReceipt> {
    return new Promise((resolve, reject) => {
      const pending = checkBatch(batch);
      this.queue.push({ ...pending, resolve, reject });
      this.working ??= this.work();
    });
  }

  /** Resolves when everything that was taken in is written, for good: the database is left in good shape. */
  async settle(): Promise<void> {
    while (this.working) await this.working;
    await this.maintenance.run({ atEnd: true });
  }

  private async work(): Promise<void> {
    // Lets the calls of the same turn of the event loop join the first group.
    await Promise.resolve();
    while (this.queue.length > 0) {
      const group: Pending[] = [];
      let size = 0;
      while (this.queue.length > 0 && group.length < groupBatches && size < groupEvents) {
        const pending = this.queue.shift() as Pending;
        group.push(pending);
        size += pending.events.length;
      }
      await this.applyGroup(group);
      await this.compactor.run();
      this.maintenance.note(size);
      if (this.queue.length === 0) await this.maintenance.run();
    }
    this.working = undefined;
  }

  private async applyGroup(group: readonly Pending[]): Promise<void> {
    try {
      const receipts = await this.apply(group);
      group.forEach((pending, index) => {
        const receipt = receipts[index] as IngestReceipt | DeepwrightError;
        if (isDeepwrightError(receipt)) pending.reject(receipt);
        else pending.resolve(receipt);
      });
    } catch (error) {
      for (const pending of group) this.positions.delete(pending.sourceId);
      if (group.length > 1) {
        for (const pending of group) await this.applyGroup([pending]);
      } else {
        const [pending] = group as [Pending];
        const [first] = pending.events;
        // An event that can't even be set aside is a defect; trying on would never end.
        const divisible = pending.events.length > 1 || (first !== undefined && !("failure" in first));
        if (divisible && isDataFailure(error)) await this.isolate(pending, error as Error);
        else pending.reject(error);
      }
    }
  }

  /** Applies a batch whose data break the statement in halves; a single event is set aside. */
  private async isolate(pending: Pending, error: Error): Promise<void> {
    const middle = Math.ceil(pending.events.length / 2);
    const halves =
      pending.events.length > 1
        ? [
            { ...pending, events: pending.events.slice(0, middle) },
            {
              ...pending,
              events: pending.events.slice(middle),
              firstSequence: pending.firstSequence + middle,
            },
          ]
        : [{ ...pending, events: pending.events.map(({ event }) => setAside(event, unstorable(error))) }];
    const refused: RefusedEvent[] = [];
    try {
      let acknowledgedThrough = 0;
      for (const half of halves) {
        const receipt = await new Promise<IngestReceipt>((resolve, reject) => {
          void this.applyGroup([{ ...half, resolve, reject }]);
        });
        acknowledgedThrough = receipt.acknowledgedThrough;
        refused.push(...(receipt.refused ?? []));
      }
      pending.resolve(refused.length > 0 ? { acknowledgedThrough, refused } : { acknowledgedThrough });
    } catch (failure) {
      pending.reject(failure);
    }
  }

  /** Writes a group; a batch with a gap gets its error and the others go on. */
  private async apply(group: readonly Pending[]): Promise<(IngestReceipt | DeepwrightError)[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.attempt(group, attempt > 1);
      } catch (error) {
        if (!isOvertaken(error) || attempt === attemptLimit) throw error;
        for (const pending of group) this.positions.delete(pending.sourceId);
      }
    }
  }

  /** @param fresh an earlier attempt was overtaken: nothing is guessed */
  private async attempt(group: readonly Pending[], fresh: boolean): Promise<(IngestReceipt | DeepwrightError)[]> {
    await this.lookUpPositions(group, fresh);
    const started = new Set<string>();
    const mentioned = new Set<string>();
    for (const pending of group) {
      for (const item of pending.events) {
        if ("failure" in item) continue;
        const event = item.event as LineageEvent;
        if (event.type === "run-start") started.add(event.runId);
        mentioned.add(event.runId);
      }
    }
    await lookUpRuns(this.store, this.known, fresh ? mentioned : difference(mentioned, started));
    const exists = (runId: string) => started.has(runId) || this.known.projectIdOf(runId) !== undefined;
    const written = [...mentioned].every(exists)
      ? await this.write(this.store, group, exists)
      : await this.store.transaction(async (transaction) => {
          // No run can start between this look and the commit, so no orphan is left behind by a run that just started.
          await transaction.query("lock table lineage_run in share mode");
          await lookUpRuns(transaction, this.known, mentioned);
          return this.write(transaction, group, exists);
        });
    if (written.waiting.length > 0) {
      await adoptOrphans(this.store, this.known, this.clock, written.waiting, (plan) => this.compactor.note(plan));
    }
    return written.receipts;
  }

  private async write(
    executor: Pick<SqlExecutor, "query">,
    group: readonly Pending[],
    exists: (runId: string) => boolean,
  ): Promise<{ receipts: (IngestReceipt | DeepwrightError)[]; waiting: readonly string[] }> {
    const plan = new Plan();
    const receipts = group.map((pending) => this.addToPlan(plan, pending, exists));
    if (plan.sources.size === 0) return { receipts, waiting: [] };
    const context = await preparePlan(executor, plan, this.known, this.clock);
    const waiting = await writePlan(executor, plan, context, this.clock);
    for (const [sourceId, move] of plan.sources) this.rememberPosition(sourceId, move.to);
    for (const [runId, projectId] of context.projectIds) this.known.addRun(runId, projectId);
    this.compactor.note(plan);
    return { receipts, waiting };
  }

  private addToPlan(plan: Plan, pending: Pending, exists: (runId: string) => boolean): IngestReceipt | DeepwrightError {
    const { sourceId, firstSequence, events } = pending;
    const position = plan.sources.get(sourceId)?.to ?? this.positions.get(sourceId) ?? 0;
    if (firstSequence > position + 1) return gap(sourceId, position + 1, firstSequence);
    const skipped = Math.max(0, position + 1 - firstSequence);
    const refused: RefusedEvent[] = [];
    for (let index = skipped; index < events.length; index++) {
      const item = events[index] as Checked;
      const sequence = firstSequence + index;
      if ("failure" in item) {
        const { code, message } = item.failure;
        refused.push({ sequence, code, message });
        plan.orphans.push({ sourceId, sequence, runId: item.runId, code, message, event: item.event });
      } else if (exists(item.event.runId)) {
        plan.add(item.event);
      } else {
        plan.orphans.push({ sourceId, sequence, runId: item.event.runId, ...noRun, event: item.event });
      }
    }
    const through = Math.max(position, firstSequence + events.length - 1);
    if (through > position) {
      const move = plan.sources.get(sourceId);
      if (move) move.to = through;
      else plan.sources.set(sourceId, { from: position, to: through });
    }
    return refused.length > 0 ? { acknowledgedThrough: through, refused } : { acknowledgedThrough: through };
  }

  private async lookUpPositions(group: readonly Pending[], fresh: boolean): Promise<void> {
    // A log that begins is taken as new; the statement that moves it finds out if it is not.
    const unknown = group.filter(
      ({ sourceId, firstSequence }) => !this.positions.has(sourceId) && (fresh || firstSequence > 1),
    );
    if (unknown.length === 0) return;
    const rows = await this.store.query<{ id: string; position: number }>(
      "select id, position from lineage_source where id = any($1::text[])",
      [[...new Set(unknown.map(({ sourceId }) => sourceId))]],
    );
    for (const row of rows) this.rememberPosition(row.id, row.position);
  }

  private rememberPosition(sourceId: string, position: number): void {
    this.positions.delete(sourceId);
    this.positions.set(sourceId, position);
    if (this.positions.size <= 100_000) return;
    const oldest = this.positions.keys().next();
    if (!oldest.done) this.positions.delete(oldest.value);
  }
}

function difference(all: ReadonlySet<string>, without: ReadonlySet<string>): string[] {
  return [...all].filter((item) => !without.has(item));
}
