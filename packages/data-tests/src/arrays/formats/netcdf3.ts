import { type ArrayVariable, elementCount } from "../array-file.js";
import { arrayFileInvalid, arrayUnsupported } from "../errors.js";
import { readContiguous } from "./contiguous.js";
import { type Netcdf3Header, type Netcdf3Variable, readNetcdf3Header } from "./netcdf3-header.js";
import { RandomAccessFile } from "./random-access-file.js";

/**
 * The variables of a NetCDF classic file. Only the header is read now.
 *
 * @throws DeepwrightError `ARRAY_FILE_INVALID`, also where the file is shorter than its variables
 */
export async function openNetcdf3(
  path: string,
): Promise<{ readonly variables: readonly ArrayVariable[]; close(): Promise<void> }> {
  const file = await RandomAccessFile.open(path);
  try {
    const header = await readNetcdf3Header(file);
    const step = recordBytes(header);
    const variables = header.variables.map((variable) => openVariable(file, header, variable, step));
    return { variables, close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

const isRecord = ({ dimensions }: Netcdf3Variable, header: Netcdf3Header): boolean =>
  dimensions.length > 0 && header.dimensions[dimensions[0] as number]?.length === 0;

/** Bytes of one record, which holds a slab of each record variable, padded to four bytes unless it is the only one. */
function recordBytes(header: Netcdf3Header): number {
  const slabs = header.variables
    .filter((variable) => isRecord(variable, header))
    .map((variable) => {
      const rest = variable.dimensions.slice(1).map((place) => header.dimensions[place]?.length ?? 0);
      return elementCount(rest) * variable.itemSize;
    });
  return slabs.length === 1 ? (slabs[0] as number) : slabs.reduce((sum, bytes) => sum + Math.ceil(bytes / 4) * 4, 0);
}

function openVariable(
  file: RandomAccessFile,
  header: Netcdf3Header,
  variable: Netcdf3Variable,
  step: number,
): ArrayVariable {
  const { name, type, itemSize, start, attributes } = variable;
  const record = isRecord(variable, header);
  const lengths = variable.dimensions.map((place) => header.dimensions[place]?.length ?? 0);
  const rest = elementCount(record ? lengths.slice(1) : lengths) * itemSize;
  // While it is written the count may stand at -1: then the size of the file tells.
  const records = header.recordCount >= 0 ? header.recordCount : Math.floor((file.size - start) / Math.max(1, step));
  const shape = record ? [records, ...lengths.slice(1)] : lengths;
  const end = record ? (records === 0 ? start : start + (records - 1) * step + rest) : start + rest;
  if (end > file.size) {
    throw arrayFileInvalid(
      file.path,
      `the variable ${JSON.stringify(name)} (${shape.join(" x ")}) up to byte ${end.toLocaleString("en-US")}`,
      `the end of the file at byte ${file.size.toLocaleString("en-US")}`,
    );
  }
  return {
    name,
    shape,
    dimensions: variable.dimensions.map((place) => header.dimensions[place]?.name ?? ""),
    type,
    itemSize,
    attributes,
    chunkShape: null,
    fillValue: null,
    async read(region) {
      if (type === "other")
        throw arrayUnsupported(file.path, `texts in the variable ${name}`, "Name a variable of numbers.");
      const layout = { shape, type, itemSize, littleEndian: false, start, ...(record && { slabStep: step }) };
      return { values: await readContiguous(file, layout, region, `elements of ${name}`), absentChunks: [] };
    },
  };
}
