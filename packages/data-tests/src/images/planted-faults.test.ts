import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runImageSuite } from "./run-image-suite.js";
import type { ImageSuite } from "./suite.js";
import { blurred, changed, jpegBytes, picture, pngBytes, withExif } from "./write-images.test.support.js";

const top = await mkdtemp(join(tmpdir(), "deepwright-image-faults-"));
afterAll(() => rm(top, { recursive: true, force: true }));
let folders = 0;

const splits = ["train", "test"];
const labels = ["cat", "dog", "owl"];
const ofEach = 4;

type Files = Map<string, Buffer>;

const clean: ReadonlyMap<string, Buffer> = new Map(
  splits.flatMap((split, s) =>
    labels.flatMap((label, l) =>
      Array.from({ length: ofEach }, (_, index): [string, Buffer] => {
        const seed = 1000 * s + 100 * l + index + 1;
        return [`${split}/${label}/${index}.jpg`, jpegBytes(picture(seed))];
      }),
    ),
  ),
);

const annotations = (files: ReadonlyMap<string, Buffer>): string =>
  `image,weight\n${[...files.keys()].map((path) => `${path},1`).join("\n")}\n`;

const suite: ImageSuite = {
  name: "animals",
  expectations: [
    { kind: "imageCountBetween", min: 24, max: 24 },
    { kind: "imageCountBetween", id: "images of each label", by: "label", min: 7, max: 9 },
    { kind: "imagesDecodable" },
    { kind: "onlyImages", except: ["csv"] },
    { kind: "formatInSet", formats: ["jpeg"] },
    { kind: "extensionMatchesFormat" },
    { kind: "widthBetween", min: 64, max: 128 },
    { kind: "heightBetween", min: 48, max: 96 },
    { kind: "aspectRatioBetween", min: 1.3, max: 1.4 },
    { kind: "fileSizeBetween", min: 500, max: 50_000 },
    { kind: "colorModeInSet", modes: ["rgb"] },
    { kind: "channelsInSet", channels: [3] },
    { kind: "bitDepthInSet", bits: [8] },
    { kind: "orientationInSet" },
    { kind: "noPrivateMetadata" },
    { kind: "notBlank" },
    { kind: "brightnessBetween", min: 80, max: 180 },
    { kind: "contrastBetween", min: 15, max: 90 },
    { kind: "sharpnessBetween", min: 20 },
    { kind: "clippedShareBetween", max: 0.05 },
    { kind: "noExactDuplicates" },
    { kind: "noExactDuplicates", id: "no copies across splits", across: "splits" },
    { kind: "noNearDuplicates" },
    { kind: "noNearDuplicates", id: "no lookalikes across splits", across: "splits" },
    { kind: "noNearDuplicates", id: "no lookalikes across labels", across: "labels" },
    { kind: "labelsInSet", labels },
    { kind: "labelShareBetween", min: 0.25, max: 0.4 },
    { kind: "labelsInEverySplit" },
    { kind: "annotationsMatch", file: "labels.csv", format: "csv" },
  ],
};

async function write(files: ReadonlyMap<string, Buffer>, labelsFile = annotations(clean)): Promise<string> {
  const folder = join(top, `folder-${++folders}`);
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  await writeFile(join(folder, "labels.csv"), labelsFile);
  return folder;
}

const run = (folder: string) => runImageSuite(folder, suite, { folders: ["split", "label"], workers: 0 });

interface Fault {
  readonly name: string;
  readonly plant: (files: Files) => void;
  readonly found: readonly string[];
  readonly sample?: Readonly<Record<string, unknown>>;
  readonly annotations?: string;
}

const victim = "train/cat/2.jpg";
const original = clean.get(victim) as Buffer;
const scene = picture(3);
/** What every image that can't be decoded breaks. */
const undecoded = [
  "imagesDecodable",
  "notBlank",
  "brightnessBetween",
  "contrastBetween",
  "sharpnessBetween",
  "clippedShareBetween",
  "noNearDuplicates",
  "no lookalikes across splits",
  "no lookalikes across labels",
];
const headless = [
  "formatInSet",
  "extensionMatchesFormat",
  "widthBetween",
  "heightBetween",
  "aspectRatioBetween",
  "colorModeInSet",
  "channelsInSet",
  "bitDepthInSet",
  "orientationInSet",
  "noPrivateMetadata",
];
const flipped = Buffer.from(original);
flipped.fill(0xff, flipped.length - 600, flipped.length - 540);

const faults: readonly Fault[] = [
  {
    name: "an image that was cut",
    plant: (files) => files.set(victim, original.subarray(0, original.length - 200)),
    found: undecoded,
    sample: { path: victim, problem: "it ends too early" },
  },
  { name: "an image with damaged pixels", plant: (files) => files.set(victim, flipped), found: undecoded },
  {
    name: "a file without bytes",
    plant: (files) => files.set(victim, Buffer.alloc(0)),
    found: [...undecoded, ...headless, "fileSizeBetween"],
    sample: { path: victim, problem: "an empty file" },
  },
  {
    name: "a web page that was saved as an image",
    plant: (files) => files.set(victim, Buffer.from(`<html>${"not found ".repeat(80)}</html>`)),
    found: [...undecoded, ...headless],
    sample: { path: victim, problem: "no image format" },
  },
  {
    name: "PNG with the ending of JPEG",
    plant: (files) => files.set(victim, pngBytes(scene)),
    found: ["formatInSet", "extensionMatchesFormat"],
    sample: { path: victim, format: "png" },
  },
  {
    name: "a thumbnail among images",
    plant: (files) => files.set(victim, jpegBytes(picture(3, 48, 36))),
    found: ["widthBetween", "heightBetween"],
    sample: { path: victim, width: 48 },
  },
  {
    name: "an image of another shape",
    plant: (files) => files.set(victim, jpegBytes(picture(3, 96, 60))),
    found: ["aspectRatioBetween"],
    sample: { width: 96, height: 60 },
  },
  {
    name: "an image with transparency",
    plant: (files) => files.set(victim, pngBytes(scene, 6)),
    found: ["formatInSet", "extensionMatchesFormat", "colorModeInSet", "channelsInSet"],
    sample: { path: victim, mode: "rgba" },
  },
  {
    name: "a gray image",
    plant: (files) => files.set(victim, pngBytes(scene, 0)),
    found: ["formatInSet", "extensionMatchesFormat", "colorModeInSet", "channelsInSet"],
    sample: { path: victim, channels: 1 },
  },
  {
    name: "an image that lies on its side",
    plant: (files) => files.set(victim, withExif(original, { orientation: 6 })),
    found: ["orientationInSet"],
    sample: { path: victim, orientation: 6 },
  },
  {
    name: "an image that tells where it was taken",
    plant: (files) => files.set(victim, withExif(original, { location: true })),
    found: ["noPrivateMetadata"],
    sample: { path: victim, tells: "location" },
  },
  {
    name: "an image that tells who took it",
    plant: (files) => files.set(victim, withExif(original, { orientation: 1, artist: "A. Person" })),
    found: ["noPrivateMetadata"],
    sample: { path: victim, tells: "artist" },
  },
  {
    name: "a blank image",
    plant: (files) => files.set(victim, jpegBytes(changed(scene, () => 130))),
    found: ["notBlank", "contrastBetween", "sharpnessBetween"],
    sample: { path: victim, contrast: 0 },
  },
  {
    name: "an image out of focus",
    plant: (files) => files.set(victim, jpegBytes(blurred(scene, 4))),
    found: ["sharpnessBetween"],
  },
  {
    name: "an image that is too dark",
    plant: (files) => files.set(victim, jpegBytes(changed(scene, (value) => 20 + value / 3))),
    found: ["brightnessBetween", "contrastBetween", "sharpnessBetween"],
  },
  {
    name: "an image that is burnt out",
    plant: (files) => files.set(victim, jpegBytes(changed(scene, (value) => 4 * (value - 40)))),
    found: ["brightnessBetween", "clippedShareBetween"],
  },
  {
    name: "a copy within a split and label",
    plant: (files) => files.set("train/cat/3.jpg", original),
    found: ["noExactDuplicates", "noNearDuplicates"],
    sample: { path: "train/cat/3.jpg", same_as: victim },
  },
  {
    name: "a copy across splits",
    plant: (files) => files.set("test/cat/3.jpg", original),
    found: ["noExactDuplicates", "no copies across splits", "noNearDuplicates", "no lookalikes across splits"],
    sample: { path: victim, same_as: "test/cat/3.jpg" },
  },
  {
    name: "the same picture under two labels, compressed again",
    plant: (files) => files.set("train/dog/3.jpg", jpegBytes(scene, 40)),
    found: ["noNearDuplicates", "no lookalikes across labels"],
  },
  {
    name: "the same picture across splits, brighter and smaller",
    plant: (files) => files.set("test/cat/3.jpg", jpegBytes(changed(picture(3, 80, 60), (value) => 0.9 * value + 18))),
    found: ["noNearDuplicates", "no lookalikes across splits"],
  },
  {
    name: "a label that lost its images in a split",
    plant(files) {
      for (let index = 0; index < ofEach; index++) files.delete(`test/owl/${index}.jpg`);
    },
    found: ["imageCountBetween", "images of each label", "labelShareBetween", "labelsInEverySplit", "annotationsMatch"],
    sample: { split: "test", label: "owl", images: 0 },
  },
  {
    name: "a misspelled label",
    plant(files) {
      files.set("train/catt/2.jpg", original);
      files.delete(victim);
    },
    found: ["images of each label", "labelsInSet", "labelShareBetween", "labelsInEverySplit", "annotationsMatch"],
    sample: { path: "train/catt/2.jpg", label: "catt" },
  },
  {
    name: "an annotation of an image that is not there, and an image without one",
    plant: () => undefined,
    annotations: annotations(clean).replace(`${victim},1`, "train/cat/200.jpg,1"),
    found: ["annotationsMatch"],
    sample: { line: 4, image: "train/cat/200.jpg", problem: "no such image" },
  },
  {
    name: "an annotation that leads out of the folder",
    plant: () => undefined,
    annotations: `${annotations(clean)}../../secret.jpg,1\n`,
    found: ["annotationsMatch"],
    sample: { image: "../../secret.jpg", problem: "a path that leads out of the folder" },
  },
  {
    name: "a stray file",
    plant: (files) => files.set("train/cat/notes.txt", Buffer.from("which ones?")),
    found: ["onlyImages"],
    sample: { path: "train/cat/notes.txt" },
  },
];

describe("planted faults of images", () => {
  it("raise no alarm where there are none", async () => {
    const result = await run(await write(clean));
    expect(result.results.filter(({ passed }) => !passed).map(({ sentence, sample }) => [sentence, sample])).toEqual(
      [],
    );
    expect(result.rowCount).toBe(24);
  });

  for (const { name, plant, found, sample, annotations: labelsFile } of faults) {
    it(`names ${name}`, async () => {
      const files: Files = new Map(clean);
      plant(files);
      const result = await run(await write(files, labelsFile));
      const broken = result.results.filter(({ passed }) => !passed);
      expect(broken.map(({ id }) => id).sort()).toEqual([...found].sort());
      if (sample === undefined) return;
      expect(broken.flatMap((each) => each.sample)).toContainEqual(expect.objectContaining(sample));
    });
  }

  it("names links that lead in circles or out of the folder, and does not follow them", async () => {
    const folder = await write(clean);
    await symlink(folder, join(folder, "train", "again"));
    await rename(join(folder, victim), join(top, "elsewhere.jpg"));
    await symlink(join(top, "elsewhere.jpg"), join(folder, victim));
    const decodable = (await run(folder)).results.find(({ kind }) => kind === "imagesDecodable");
    expect(decodable).toMatchObject({
      passed: false,
      failing: 2,
      considered: 25,
      sample: [
        { path: "train/again", problem: "a link to a folder that it lies in" },
        { path: victim, problem: "a link that leads out of the folder" },
      ],
    });
  });
});
