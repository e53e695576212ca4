import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { manualClock } from "@deepwright/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Action, inFolder, limitedDisk, perform, pointsOf, readAll, runId } from "./log.test.support.js";
import { LogReader } from "./reader.js";
import { listSegments, segmentPath } from "./segments.js";
import { LogWriter } from "./writer.js";

const name = fc.oneof(fc.constantFrom("loss", "val/mae", "Präzision", "名前"), fc.string({ minLength: 1 }));
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("points" as const),
      values: fc.dictionary(
        name.filter((text) => !/[\0\ud800-\udfff]/.test(text)),
        fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity, -0)),
        { minKeys: 1, maxKeys: 4 },
      ),
      step: fc.maxSafeInteger(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("tag" as const),
      value: fc.string().filter((text) => !text.includes("\0")),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "seal" as const }) },
);
const actions = fc.array(action, { minLength: 1, maxLength: 40 });

/** Points and tags that the actions stand for, one list in their order. */
const contentOf = (list: readonly Action[]): unknown[] =>
  list.flatMap((one): unknown[] => {
    if (one.kind === "points") return Object.entries(one.values).map(([key, value]) => [key, one.step, value]);
    return one.kind === "tag" ? [one.value] : [];
  });

const contentRead = (directory: string, maximumEvents?: number, maximumBytes?: number): unknown[] =>
  readAll(directory, maximumEvents, maximumBytes).flatMap((logged): unknown[] =>
    logged.event.type === "tag" ? [logged.event.value] : pointsOf([logged]),
  );

function write(directory: string, list: readonly Action[], segmentBytes: number): void {
  const writer = new LogWriter({ directory, segmentBytes });
  perform(writer, list);
  writer.seal();
  writer.abandon();
}

describe("write-ahead log", () => {
  it("gives back what was written, in order, whatever the segments and the pieces of reading", () => {
    fc.assert(
      fc.property(actions, fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 5 }), (list, size, piece) =>
        inFolder((directory) => {
          write(directory, list, size);
          expect(contentRead(directory, piece, piece * 30)).toEqual(contentOf(list));
          const numbers = readAll(directory).map(({ sequence }) => sequence);
          expect(numbers).toEqual(numbers.map((_, index) => index + 1));
        }),
      ),
      { numRuns: 150 },
    );
  });

  it("replays a prefix, never garbage, when a segment ends at any byte", () => {
    fc.assert(
      fc.property(actions, fc.nat(), fc.uint8Array({ maxLength: 24 }), (list, at, torn) =>
        inFolder((directory) => {
          write(directory, list, 1_000_000);
          const path = segmentPath(directory, 1);
          if (!existsSync(path)) return;
          const whole = contentRead(directory);
          const bytes = readFileSync(path);
          const cut = at % (bytes.length + 1);
          // What a dying machine leaves behind the cut is anything.
          writeFileSync(path, Buffer.concat([bytes.subarray(0, cut), torn]));
          const prefix = contentRead(directory);
          expect(prefix).toEqual(whole.slice(0, prefix.length));
        }),
      ),
      { numRuns: 300 },
    );
  });

  it("replays a prefix, never garbage, when any bit flips", () => {
    inFolder((directory) => {
      const list: Action[] = Array.from({ length: 30 }, (_, step) => ({
        kind: "points",
        values: { loss: step },
        step,
      }));
      write(directory, list, 1_000_000);
      const path = segmentPath(directory, 1);
      const bytes = readFileSync(path);
      const whole = readAll(directory).length;
      for (let position = 0; position < bytes.length; position++) {
        const damaged = Buffer.from(bytes);
        damaged.writeUInt8(damaged.readUInt8(position) ^ (1 << (position % 8)), position);
        writeFileSync(path, damaged);
        const read = readAll(directory);
        expect(read.length).toBeLessThan(whole);
      }
    });
  });

  it("goes on behind a mended tail with the next number", () => {
    fc.assert(
      fc.property(actions, fc.nat(), (list, at) =>
        inFolder((directory) => {
          write(directory, list, 1_000_000);
          const path = segmentPath(directory, 1);
          if (!existsSync(path)) return;
          const cut = at % (readFileSync(path).length + 1);
          truncateSync(path, cut);
          const reader = new LogReader(directory, runId);
          const before = reader.read({ maximumEvents: 1_000, maximumBytes: 1_000_000 });
          const { cutBytes, nextSequence } = reader.repair();
          expect(readFileSync(path).length).toBe(cut - cutBytes);
          // Points without their seal become an event when something is written behind them.
          expect([before.length + 1, before.length + 2]).toContain(nextSequence);
          expect(readAll(directory)).toEqual(before);
        }),
      ),
      { numRuns: 60 },
    );
  });

  it("is read while it is written, each event once", () => {
    inFolder((directory) => {
      const writer = new LogWriter({ directory, segmentBytes: 300 });
      const reader = new LogReader(directory, runId);
      const seen: number[] = [];
      for (let step = 0; step < 200; step++) {
        writer.points({ loss: step }, step, 0);
        if (step % 3 === 0) writer.seal();
        if (step % 5 === 0) {
          const events = reader.read({ maximumEvents: 4, maximumBytes: 120 });
          seen.push(...pointsOf(events).map(([, , value]) => value));
        }
      }
      writer.seal();
      for (;;) {
        const events = reader.read({ maximumEvents: 4, maximumBytes: 120 });
        if (events.length === 0) break;
        seen.push(...pointsOf(events).map(([, , value]) => value));
      }
      expect(seen).toEqual(Array.from({ length: 200 }, (_, step) => step));
      expect(listSegments(directory).length).toBeGreaterThan(5);
      writer.abandon();
    });
  });

  it("names each segment by the number of its first event", () => {
    inFolder((directory) => {
      const writer = new LogWriter({ directory, segmentBytes: 200 });
      for (let step = 0; step < 50; step++) {
        writer.points({ loss: step }, step, 0);
        writer.append({ type: "tag", runId, key: "step", value: String(step) });
      }
      writer.abandon();
      const starts = new Set(readAll(directory).map(({ sequence }) => sequence));
      const segments = listSegments(directory).filter(
        (first) => readFileSync(segmentPath(directory, first)).length > 8,
      );
      expect(segments.length).toBeGreaterThan(5);
      for (const first of segments) expect(starts).toContain(first);
    });
  });

  it("reads an event that is larger than what is read at a time", () => {
    inFolder((directory) => {
      const writer = new LogWriter({ directory });
      const value = "x".repeat(3_000_000);
      perform(writer, [
        { kind: "tag", value },
        { kind: "tag", value: "after" },
      ]);
      writer.abandon();
      expect(contentRead(directory)).toEqual([value, "after"]);
    });
  });

  it("begins another segment before names run out of numbers", () => {
    inFolder((directory) => {
      const writer = new LogWriter({ directory });
      const values = (call: number): Record<string, number> =>
        Object.fromEntries(Array.from({ length: 30_000 }, (_, index) => [`metric ${call} ${index}`, call + index]));
      for (let call = 0; call < 4; call++) writer.points(values(call), call, 0);
      writer.seal();
      writer.abandon();
      const points = pointsOf(readAll(directory, 1_000, 100_000_000));
      expect(points).toHaveLength(120_000);
      for (const [key, step, value] of points) expect(key).toBe(`metric ${step} ${value - step}`);
    });
  });

  it("refuses a call as a whole, so that no name is left without its number", () => {
    inFolder((directory) => {
      const writer = new LogWriter({ directory });
      const refused: [Record<string, number>, number, string][] = [
        [{ first: 1, "second\0": 2 }, 0, "TEXT_WITH_NUL"],
        [{ first: 1, "": 2 }, 0, "INVALID_POINT"],
        [{ first: 1, ["x".repeat(1_001)]: 2 }, 0, "INVALID_POINT"],
        [{ first: 1 }, 0.5, "INVALID_POINT"],
        [{ first: 1 }, Number.NaN, "INVALID_POINT"],
        [{ first: "1" as unknown as number }, 0, "INVALID_POINT"],
        [{ first: null as unknown as number }, 0, "INVALID_POINT"],
      ];
      for (const [values, step, code] of refused) {
        expect(() => writer.points(values, step, 0)).toThrow(expect.objectContaining({ code }));
      }
      expect(() => writer.points({ first: 1 }, 0, Number.NaN)).toThrow(
        expect.objectContaining({ code: "INVALID_POINT" }),
      );
      writer.points({ second: 2, first: 1 }, 7, 0);
      writer.points({}, 8, 0);
      writer.seal();
      writer.abandon();
      expect(pointsOf(readAll(directory))).toEqual([
        ["second", 7, 2],
        ["first", 7, 1],
      ]);
    });
  });

  it("refuses a NUL anywhere in an event, with nothing written", () => {
    inFolder((directory) => {
      const writer = new LogWriter({ directory });
      const entries = { "files/a\0b": "c" };
      expect(() => writer.append({ type: "component", runId, component: "source", entries })).toThrow(
        expect.objectContaining({ code: "TEXT_WITH_NUL" }),
      );
      writer.append({ type: "tag", runId, key: "text", value: "\\u0000 as six characters" });
      writer.abandon();
      expect(contentRead(directory)).toEqual(["\\u0000 as six characters"]);
    });
  });

  it("keeps in memory what a full disk does not take, and writes it when there is room", async () => {
    await inFolder(async (directory) => {
      const clock = manualClock();
      const troubles: string[] = [];
      const { disk, files } = limitedDisk(500);
      const writer = new LogWriter({ directory, clock, files, onTrouble: (error) => troubles.push(error.message) });
      for (let step = 0; step < 100; step++) writer.points({ loss: step }, step, 0);
      expect(writer.status).toMatchObject({ state: "degraded", droppedPoints: 0 });
      expect(writer.status.pendingBytes).toBeGreaterThan(0);
      disk.freeBytes = 1_000_000;
      clock.advance(1_000);
      for (let step = 100; step < 200; step++) writer.points({ loss: step }, step, 0);
      expect(writer.status).toEqual({
        state: "recording",
        pendingBytes: 0,
        droppedPoints: 0,
        droppedEvents: 0,
        trouble: null,
      });
      writer.seal();
      await writer.close();
      expect(pointsOf(readAll(directory)).map(([, step]) => step)).toEqual(Array.from({ length: 200 }, (_, i) => i));
      expect(troubles).toHaveLength(1);
      expect(troubles[0]).toContain("ENOSPC");
    });
  });

  it("never throws, loses only what it counts, however the disk comes and goes", () => {
    const phase = fc.record({ freeBytes: fc.nat(400), calls: fc.integer({ min: 1, max: 30 }) });
    fc.assert(
      fc.property(
        fc.array(phase, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 100, max: 4_000 }),
        (phases, memory) =>
          inFolder((directory) => {
            const clock = manualClock();
            const { disk, files } = limitedDisk(0);
            const writer = new LogWriter({ directory, clock, files, segmentBytes: 300, bufferBytes: memory });
            const kept: number[] = [];
            let step = 0;
            for (const { freeBytes, calls } of phases) {
              disk.freeBytes = freeBytes;
              clock.advance(1_000);
              for (let call = 0; call < calls; call++, step++) {
                const before = writer.status.droppedPoints;
                writer.points({ loss: step }, step, 0);
                if (writer.status.droppedPoints === before) kept.push(step);
                if (step % 7 === 0) writer.seal();
              }
            }
            expect(writer.status.pendingBytes).toBeLessThan(memory + 1_000);
            disk.freeBytes = 10_000_000;
            clock.advance(1_000);
            writer.seal();
            writer.append({ type: "tag", runId, key: "end", value: "end" });
            writer.abandon();
            expect(pointsOf(readAll(directory)).map(([, at]) => at)).toEqual(kept);
            expect(kept.length + writer.status.droppedPoints).toBe(step);
          }),
      ),
      { numRuns: 80 },
    );
  });

  it("never throws when the folder can't be made or a write takes nothing", () => {
    inFolder((directory) => {
      const { disk, files } = limitedDisk(1_000);
      disk.isReadOnly = true;
      const readOnly = new LogWriter({ directory: join(directory, "log"), files });
      readOnly.points({ loss: 1 }, 0, 0);
      expect(readOnly.status.trouble).toContain("EROFS");
      readOnly.abandon();
      const stuck = new LogWriter({ directory, files: { ...files, open: limitedDisk(0).files.open, write: () => 0 } });
      stuck.points({ loss: 1 }, 0, 0);
      expect(stuck.status.state).toBe("degraded");
      stuck.abandon();
      expect(readdirSync(directory)).not.toContain("log");
    });
  });

  it("gives up what the disk still does not take at the end, and says so", async () => {
    await inFolder(async (directory) => {
      const writer = new LogWriter({ directory, files: limitedDisk(0).files });
      writer.points({ loss: 1 }, 0, 0);
      await writer.close();
      expect(writer.status.pendingBytes).toBeGreaterThan(0);
    });
  });
});
