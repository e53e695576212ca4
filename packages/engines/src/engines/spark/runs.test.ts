import fc from "fast-check";
import { expect, it } from "vitest";
import {
  addSequences,
  blockBits,
  emptySequence,
  type SequenceHash,
  shiftSequence,
} from "../../fingerprint/sequence.js";
import { placeRuns, type RunGroup } from "./runs.js";

const unit: SequenceHash = [1n, 1n, 1n, 1n];

/** The hash of a sequence whose words are all 1, at the places given. */
function hashOf(places: readonly number[]): SequenceHash {
  return places.map((place) => shiftSequence(unit, place)).reduce(addSequences, emptySequence);
}

it("runs that begin anywhere are placed as if they were counted through", () => {
  const lengths = fc.array(fc.tuple(fc.nat(9), fc.nat(2 ** 30)), { maxLength: 6 });
  fc.assert(
    fc.property(lengths, (runs) => {
      const groups: RunGroup[] = runs.flatMap(([length, first], index) => {
        const places = Array.from({ length }, (_, row) => first * 2 ** 12 - 4 + row).filter((place) => place >= 0);
        const blocks = new Set(places.map((place) => Math.floor(place / 2 ** blockBits)));
        return [...blocks].map((block) => {
          const inside = places.filter((place) => Math.floor(place / 2 ** blockBits) === block);
          return {
            partition: null,
            run: String(index),
            block,
            firstPosition: Math.min(...inside),
            rowCount: inside.length,
            sums: inside.map((place) => String(place - block * 2 ** blockBits)),
          };
        });
      });
      const placed = placeRuns(groups).flatMap((group) =>
        group.sums.map((offset) => (group.blockPlace as number) + Number(offset)),
      );
      const total = groups.reduce((sum, group) => sum + group.rowCount, 0);
      expect([...placed].sort((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, place) => place));
      expect(hashOf(placed)).toEqual(hashOf(Array.from({ length: total }, (_, place) => place)));
    }),
  );
});
