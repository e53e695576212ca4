import { type ArrayFile, type ArrayVariable, elementCount } from "./array-file.js";
import { arrayTooLarge } from "./errors.js";
import { type ArrayContext, ArrayFault, type OtherArrays } from "./kinds/array-kind.js";
import { type Coordinates, coordinatesOf } from "./scan/coordinates.js";
import { decode, decodingOf } from "./scan/decode.js";
import { FailingMask } from "./scan/failing-mask.js";
import { Grid } from "./scan/grid.js";
import { Samples } from "./scan/samples.js";

/** An open file with what a suite says about it. */
export interface NamedArrays {
  readonly file: ArrayFile;
  readonly variable?: string | undefined;
  readonly missing?: readonly number[] | undefined;
}

export interface ContextLimits {
  /** Failing places to show of an expectation. */
  readonly sampleSize: number;
  /** Bytes that the coordinates of one dimension may take. */
  readonly coordinateBytes: number;
  /** Marks every failing element. */
  readonly masks: boolean;
}

export function arrayContext(
  arrays: NamedArrays,
  others: ReadonlyMap<string, NamedArrays>,
  limits: ContextLimits,
): ArrayContext {
  const here = accessTo(arrays, limits);
  return {
    ...here,
    dimension(variable, name) {
      const place = name === undefined ? 0 : variable.dimensions.indexOf(name);
      if (place >= 0 && place < variable.shape.length) return place;
      const dimensions = variable.dimensions.join(", ");
      throw new ArrayFault(
        "VARIABLE_MISSING",
        `${JSON.stringify(variable.name)} has no dimension ${name ?? ""}, but ${dimensions || "none"}`,
      );
    },
    async grid(variable) {
      const coordinates = new Map<string, Coordinates>();
      for (const dimension of variable.dimensions) {
        if (hasCoordinates(arrays.file, dimension)) coordinates.set(dimension, await here.coordinates(dimension));
      }
      return new Grid(variable.shape, variable.dimensions, coordinates);
    },
    samples(variable) {
      if (!limits.masks || variable === undefined) return new Samples(limits.sampleSize);
      const bytes = elementCount(variable.shape) / 8;
      if (bytes > limits.coordinateBytes) {
        throw arrayTooLarge(arrays.file.path, `a mask of ${variable.name}`, bytes, limits.coordinateBytes);
      }
      return new Samples(limits.sampleSize, new FailingMask(variable.shape));
    },
    other(name) {
      const found = others.get(name);
      if (found === undefined) {
        throw new ArrayFault("VARIABLE_MISSING", `no arrays named ${JSON.stringify(name)} are among the sources`);
      }
      return accessTo(found, limits);
    },
  };
}

const hasCoordinates = ({ variables }: ArrayFile, dimension: string): boolean => {
  const found = variables.get(dimension);
  return found !== undefined && found.shape.length === 1 && found.type !== "other";
};

function accessTo(
  { file, variable: usual, missing }: NamedArrays,
  { coordinateBytes }: Pick<ContextLimits, "coordinateBytes">,
): OtherArrays {
  const loaded = new Map<string, Promise<Coordinates>>();
  const variable = (name: string | undefined): ArrayVariable => {
    const wanted = name ?? usual;
    if (wanted !== undefined) {
      const found = file.variables.get(wanted);
      if (found !== undefined) return found;
      const names = [...file.variables.keys()].slice(0, 12).join(", ");
      throw new ArrayFault("VARIABLE_MISSING", `there is no array ${JSON.stringify(wanted)}, but ${names}`);
    }
    const all = [...file.variables.values()];
    const data = all.filter(
      ({ name: each, dimensions, type, shape }) => type !== "other" && shape.length > 0 && !dimensions.includes(each),
    );
    const only = data.length === 1 ? data[0] : all.length === 1 ? all[0] : undefined;
    if (only !== undefined) return only;
    const names = data
      .slice(0, 12)
      .map((each) => each.name)
      .join(", ");
    throw new ArrayFault("VARIABLE_MISSING", `the file holds several arrays (${names}); name one as \`variable\``);
  };
  const load = async (dimension: string): Promise<Coordinates> => {
    const found = file.variables.get(dimension);
    if (found === undefined || !hasCoordinates(file, dimension)) {
      throw new ArrayFault("VARIABLE_MISSING", `there are no coordinates of ${JSON.stringify(dimension)}`);
    }
    const count = elementCount(found.shape);
    if (count * 8 > coordinateBytes)
      throw arrayTooLarge(file.path, `coordinates of ${dimension}`, count * 8, coordinateBytes);
    const { values: raw } = await found.read({ origin: [0], shape: found.shape });
    const values = new Float64Array(count);
    decode(raw, decodingOf(found, undefined), values, new Uint8Array(count), dimension);
    return coordinatesOf(dimension, values, found.attributes.units, found.attributes.calendar);
  };
  return {
    file,
    variable,
    decoding: (each) => decodingOf(each, missing),
    coordinates(dimension) {
      let coordinates = loaded.get(dimension);
      if (coordinates === undefined) {
        coordinates = load(dimension);
        loaded.set(dimension, coordinates);
      }
      return coordinates;
    },
  };
}
