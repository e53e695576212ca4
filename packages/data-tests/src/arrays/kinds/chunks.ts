import { z } from "zod";
import type { Samples } from "../scan/samples.js";
import type { Block, Outcome, ScanCheck } from "../scan/scan-check.js";
import { ArrayFault, arrayKind, variableShape } from "./array-kind.js";

class ChunkCheck implements ScanCheck {
  readonly #counts: readonly number[];
  readonly #dimensions: readonly string[];
  readonly #samples: Samples;
  #failing = 0;

  constructor(counts: readonly number[], dimensions: readonly string[], samples: Samples) {
    this.#counts = counts;
    this.#dimensions = dimensions;
    this.#samples = samples;
  }

  visit({ absentChunks }: Block): void {
    for (const place of absentChunks) {
      this.#failing += 1;
      const linear = place.reduce((sum, index, dimension) => sum * (this.#counts[dimension] as number) + index, 0);
      this.#samples.add(linear, () => ({
        chunk: place.join("/"),
        ...Object.fromEntries(place.map((index, dimension) => [`chunk of ${this.#dimensions[dimension]}`, index])),
      }));
    }
  }

  finish(): Outcome {
    const considered = this.#counts.reduce((product, count) => product * count, 1);
    const failing = this.#failing;
    return {
      passed: failing === 0,
      observed: failing,
      considered,
      failing,
      sample: this.#samples.rows(),
      unit: "chunk",
    };
  }
}

export const chunksPresent = arrayKind({
  expects:
    "the file to hold every chunk, tile or strip: Zarr chunks that were never written (or lost) and sparse tiles break it",
  options: z.strictObject(variableShape),
  plan({ variable: name }, context) {
    const variable = context.variable(name);
    const { chunkShape, shape, dimensions } = variable;
    if (chunkShape === null || (context.file.format !== "zarr" && context.file.format !== "geotiff")) {
      throw new ArrayFault("NOT_ANSWERABLE", `${context.file.format} does not say which parts were written`);
    }
    const counts = shape.map((length, dimension) => Math.ceil(length / (chunkShape[dimension] as number)));
    return {
      by: "scan",
      variable,
      axis: null,
      region: undefined,
      expected: `all chunks of ${JSON.stringify(variable.name)} to be there`,
      check: new ChunkCheck(counts, dimensions, context.samples()),
    };
  },
});
