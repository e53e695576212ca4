import { readFile, stat } from "node:fs/promises";
import { isAbsolute, posix, resolve } from "node:path";
import { DeepwrightError } from "@deepwright/core";
import { z } from "zod";
import { parseCsv } from "../parse-csv.js";
import { type FailingImage, imageKind, imageShape } from "./image-kind.js";

const longestFile = 1024 ** 3;

export const annotationsMatch = imageKind({
  expects:
    "every image that an annotation file names to be there, and every image to be named: CSV with a column of paths, JSON Lines with such a field, or COCO JSON",
  options: z.strictObject({
    ...imageShape,
    /** Path of the annotation file. */
    file: z.string().min(1),
    format: z.enum(["csv", "jsonl", "coco"]),
    /** Column or field that holds paths. Default: `image`; COCO has `file_name`. */
    column: z.string().min(1).optional(),
    /** Folder, within that of the images, where the paths begin. Default: its top. */
    below: z.string().min(1).optional(),
    /** Images may lack an annotation. Default: false. */
    partial: z.boolean().optional(),
  }),
  async plan({ where, file, format, column = "image", below = "", partial = false }, context) {
    const path = isAbsolute(file) ? file : resolve(context.folder, file);
    const named = await namesOf(path, format, column);
    const images = new Set(context.images(where).map((image) => image.path));
    const all = new Set(context.images(undefined).map((image) => image.path));
    const seen = new Set<string>();
    const failing: FailingImage[] = [];
    for (const { name, line } of named) {
      if (name === null || name === "") {
        failing.push({ path: null, row: { line, problem: "no path" } });
        continue;
      }
      const place = posix.normalize(posix.join(below, name.replaceAll("\\", "/")));
      if (place === ".." || place.startsWith("../") || posix.isAbsolute(name) || /^[a-z]:/i.test(name)) {
        failing.push({ path: null, row: { line, image: name, problem: "a path that leads out of the folder" } });
      } else if (!all.has(place)) failing.push({ path: null, row: { line, image: name, problem: "no such image" } });
      else seen.add(place);
    }
    const unnamed = partial ? [] : [...images].filter((image) => !seen.has(image));
    for (const image of unnamed) failing.push({ path: image, row: { path: image, problem: "no annotation" } });
    return {
      expected: `annotations of ${JSON.stringify(file)} to fit the images`,
      passed: failing.length === 0,
      observed: failing.length,
      considered: named.length + (partial ? 0 : images.size),
      failing,
      unit: "reference",
    };
  },
});

interface Named {
  readonly name: string | null;
  /** From 1 on; of COCO, the place in the list of images. */
  readonly line: number;
}

async function namesOf(path: string, format: "csv" | "jsonl" | "coco", column: string): Promise<readonly Named[]> {
  const text = await readText(path);
  const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);
  if (format === "csv") {
    const [head, ...rows] = parseCsv(text);
    const place = head?.cells.indexOf(column) ?? -1;
    if (place < 0)
      throw annotationInvalid(path, 1, `a column ${JSON.stringify(column)}`, head?.cells.join(", ") ?? "nothing");
    return rows.map(({ cells, line }) => ({ name: cells[place] ?? null, line }));
  }
  if (format === "jsonl") {
    return text.split("\n").flatMap((row, index) => {
      if (row.trim() === "") return [];
      const value = parseJson(path, row, index + 1);
      return [{ name: textOf((value as Record<string, unknown> | null)?.[column]), line: index + 1 }];
    });
  }
  const value = parseJson(path, text, 1) as { readonly images?: unknown } | null;
  if (!Array.isArray(value?.images)) throw annotationInvalid(path, 1, "COCO with a list `images`", "none");
  return value.images.map((image: unknown, index) => ({
    name: textOf((image as Record<string, unknown> | null)?.file_name),
    line: index + 1,
  }));
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > longestFile) throw annotationInvalid(path, 1, `at most ${longestFile} bytes`, `${size}`);
    return await readFile(path, "utf8");
  } catch (cause) {
    if (cause instanceof DeepwrightError) throw cause;
    throw new DeepwrightError({
      code: "DATA_FILE_MISSING",
      kind: "not-found",
      expected: `an annotation file ${JSON.stringify(path)} that can be read`,
      got: cause instanceof Error ? cause.message : String(cause),
      todo: "Check the path.",
      details: { file: path },
      cause,
    });
  }
}

function parseJson(path: string, text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw annotationInvalid(path, line, "JSON", cause instanceof Error ? cause.message : String(cause));
  }
}

function annotationInvalid(path: string, line: number, expected: string, got: string): DeepwrightError {
  return new DeepwrightError({
    code: "ANNOTATIONS_INVALID",
    expected: `${expected} in ${JSON.stringify(path)}, line ${line}`,
    got,
    todo: "Correct the annotation file, or its `format` and `column`.",
    details: { file: path, line },
  });
}
