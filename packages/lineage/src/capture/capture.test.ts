import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseArguments } from "./configuration/arguments.js";
import { parseDotenv, parseIni } from "./configuration/parse-file.js";
import { sampledSnapshot } from "./data/sampled-snapshot.js";
import { captureGpus, parseGpus } from "./hardware/hardware.js";
import { parseMetricLine } from "./metrics/line-metrics.js";
import { StdoutMetrics } from "./metrics/stdout-metrics.js";
import { captureEnvironment } from "./platform/environment.js";
import { bundledLibraries, systemLibraries } from "./platform/native-libraries.js";
import { nodePackages } from "./platform/node-packages.js";
import { capturePython, condaPackages, pythonPackages } from "./platform/python-packages.js";
import { captureSystem, containerKind } from "./platform/system.js";
import { redactCommand, redactSetting } from "./secrets.js";
import { parseListing, parseStatus } from "./source/git.js";
import { captureSource } from "./source/source.js";
import { walkFiles } from "./source/walk.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "deepwright-capture-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

describe("packages", () => {
  it("of pip, uv and setuptools are read from their folders; the first on the path counts", () => {
    write({
      "one/numpy-1.26.4.dist-info/METADATA": "",
      "one/Scikit_Learn-1.4.0.dist-info/METADATA": "",
      "one/old-2.0-py3.11.egg-info/PKG-INFO": "",
      "one/dev.egg-info/PKG-INFO": "Metadata-Version: 2.1\nVersion: 0.1.dev3\n",
      "one/broken.egg-info/PKG-INFO": "",
      "two/numpy-2.0.0.dist-info/METADATA": "",
      "two/torch-2.3.0+cu121.dist-info/METADATA": "",
    });
    const path = [join(folder, "one"), join(folder, "two"), join(folder, "python311.zip")];
    expect(Object.fromEntries(pythonPackages(path))).toEqual({
      numpy: "1.26.4",
      "scikit-learn": "1.4.0",
      old: "2.0",
      dev: "0.1.dev3",
      torch: "2.3.0+cu121",
    });
  });

  it("of conda are read from its own record", () => {
    write({ "conda-meta/libblas-3.9.0-20_linux64_mkl.json": "{}", "conda-meta/history": "" });
    const report = {
      kind: "python",
      executable: "/x/python",
      version: "3.11.1",
      prefix: folder,
      basePrefix: folder,
      path: [],
      arguments: [],
    } as const;
    expect(Object.fromEntries(condaPackages(folder))).toEqual({ libblas: "3.9.0" });
    expect(capturePython({ ...report, path: [], arguments: [] })).toEqual({
      "interpreter/python/version": "3.11.1",
      "interpreter/python/executable": "/x/python",
      "packages/conda/libblas": "3.9.0",
    });
  });

  it("of npm are read from its list, of pnpm from its store, else from each folder", () => {
    const lock = {
      packages: {
        "": {},
        "node_modules/a": { version: "1.0.0" },
        "node_modules/a/node_modules/@s/b": { version: "2.0.0" },
      },
    };
    write({
      "npm/node_modules/.package-lock.json": JSON.stringify(lock),
      "pnpm/node_modules/.pnpm/@tensorflow+tfjs@4.22.0_peer@1.0.0/x": "",
      "pnpm/node_modules/.pnpm/zod@3.1.0/x": "",
      "pnpm/node_modules/.pnpm/zod@4.0.0/x": "",
      "pnpm/node_modules/.pnpm/lock.yaml": "",
      "pnpm/node_modules/.pnpm/local@file+packages/x": "",
      "plain/node_modules/a/package.json": '{"version": "3.0.0"}',
      "plain/node_modules/@s/b/package.json": '{"version": "4.0.0"}',
      "plain/node_modules/broken/package.json": "{",
      "plain/node_modules/notes.txt": "",
      "plain/node_modules/@file": "",
    });
    expect(Object.fromEntries(nodePackages(join(folder, "npm", "src")))).toMatchObject({ a: "1.0.0", "@s/b": "2.0.0" });
    expect(Object.fromEntries(nodePackages(join(folder, "pnpm")))).toMatchObject({
      "@tensorflow/tfjs": "4.22.0",
      zod: "3.1.0, 4.0.0",
    });
    expect(Object.fromEntries(nodePackages(join(folder, "plain")))).toMatchObject({ a: "3.0.0", "@s/b": "4.0.0" });
  });
});

describe("the computer", () => {
  it("has the GPUs that nvidia-smi lists", () => {
    const list = "NVIDIA H100 80GB HBM3, 550.54.15, 81559, GPU-1\nTesla T4, 550.54.15, [N/A], GPU-2\n";
    expect(parseGpus(list, "| NVIDIA-SMI 550.54.15    Driver Version: 550.54.15    CUDA Version: 12.4  |")).toEqual({
      "gpu/0/model": "NVIDIA H100 80GB HBM3",
      "gpu/0/driver": "550.54.15",
      "gpu/0/memoryBytes": 81559 * 1024 * 1024,
      "gpu/1/model": "Tesla T4",
      "gpu/1/driver": "550.54.15",
      "cuda/version": "12.4",
    });
    expect(parseGpus("", "CUDA Version: 12.4")).toEqual({});
  });

  it("has none where nvidia-smi is missing or fails", async () => {
    expect(await captureGpus(join(folder, "missing"))).toEqual({});
    write({ "nvidia-smi": "#!/bin/sh\necho NVIDIA-SMI has failed\nexit 9\n" });
    chmodSync(join(folder, "nvidia-smi"), 0o755);
    expect(await captureGpus(join(folder, "nvidia-smi"))).toEqual({});
  });

  it("is in a container of the kind that its marks tell", () => {
    const none = (): boolean => false;
    const at = (path: string) => (candidate: string) => candidate === path;
    expect(containerKind({}, "0::/init.scope", none)).toBeNull();
    expect(containerKind({}, "", at("/.dockerenv"))).toBe("docker");
    expect(containerKind({}, "0::/system.slice/docker-abc.scope/docker/abc", none)).toBe("docker");
    expect(containerKind({}, "", at("/run/.containerenv"))).toBe("podman");
    expect(containerKind({ KUBERNETES_SERVICE_HOST: "10.0.0.1" }, "", at("/.dockerenv"))).toBe("kubernetes");
    expect(containerKind({ APPTAINER_NAME: "x.sif" }, "", none)).toBe("apptainer");
    expect(containerKind({ container: "systemd-nspawn" }, "", none)).toBe("systemd-nspawn");
    expect(containerKind({}, "1:name=systemd:/lxc/one", none)).toBe("lxc");
    expect(captureSystem({})).toMatchObject({ "os/architecture": process.arch });
  });

  it("has the maths libraries that wheels and the system bring", async () => {
    write({
      "site/numpy.libs/libscipy_openblas64_-ff651d7f.so": "",
      "site/numpy.libs/libgfortran.so": "",
      "prefix/lib/libmkl_rt.so.2": "",
    });
    expect(bundledLibraries([join(folder, "site"), join(folder, "none")], join(folder, "prefix"))).toEqual({
      "native/prefix mkl": "libmkl_rt.so.2",
      "native/numpy openblas": "libscipy_openblas64_-ff651d7f.so",
    });
    for (const value of Object.values(await systemLibraries())) expect(String(value)).toMatch(/^lib.*\.so/);
  });

  it("has the libraries of CUDA that wheels bring, each in a folder of its own", () => {
    write({
      "site/nvidia/cudnn/lib/libcudnn.so.9": "",
      "site/nvidia/cudnn/lib/libcudnn_ops.so.9": "",
      "site/nvidia/cublas/lib/libcublas.so.12": "",
    });
    expect(bundledLibraries([join(folder, "site")])).toEqual({
      "native/nvidia cudnn": "libcudnn.so.9",
      "native/nvidia cublas": "libcublas.so.12",
    });
  });

  it("shows no variable outside of the allow-list", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (environment) => {
        const known =
          /CUDA|CUBLAS|CUDNN|NCCL|NVIDIA|HIP_|ROCR|OMP_|MKL|BLAS|VECLIB|NUMEXPR|KMP|GOMP|TF|XLA|JAX|TORCH|KERAS|FLAGS|OPENCV|RAYON|XGB|LIGHTGBM|PYTHON|NODE|LANG|LC_|TZ|ENV|CONDA|LD_|MALLOC|RANK|WORLD|MASTER|SEED/i;
        for (const path of Object.keys(captureEnvironment(environment))) expect(path).toMatch(known);
      }),
    );
    const secrets = {
      TF_VAR_x: "1",
      TORCH_HUB_TOKEN: "x",
      CUDA_KEY: "x",
      PYTHONPATH: "https://ada:pw@host/simple",
      KERAS_BACKEND: "AKIAIOSFODNN7EXAMPLE",
    };
    expect(captureEnvironment(secrets)).toEqual({});
    expect(captureEnvironment({ OMP_NUM_THREADS: "4", LANG: "" })).toEqual({
      "environment/OMP_NUM_THREADS": "4",
      "environment/LANG": "",
    });
  });
});

describe("secrets", () => {
  it.each([
    ["api_key", "x"],
    ["apiKey", "x"],
    ["wandb.api-key", "x"],
    ["DB_PASSWORD", "x"],
    ["credentials", "x"],
    ["access_token", "x"],
    ["token", "a1B2c3D4e5F6g7H8i9J0k1"],
    ["anything", "hf_abcdefghijklmnopqrstuvwxyz"],
    ["anything", "ghp_abcdefghijklmnopqrstuvwxyz012345"],
  ])("are hidden: %s = %s", (name, value) => expect(redactSetting(name, value)).toBe("[secret]"));

  it.each([
    ["tokenizer", "bert-base-uncased"],
    ["pad_token", "<pad>"],
    ["max_tokens", "4096"],
    ["session_length", "30min"],
    ["join_key", "customer_id"],
    ["key", "value"],
    ["author", "Ada"],
    ["password", ""],
    ["url", "https://host:8080/a@b"],
  ])("are told from settings: %s = %s", (name, value) => expect(redactSetting(name, value)).toBe(value));

  it("of a command are hidden and the rest is as it was", () => {
    const words = [
      "train",
      "--api-key",
      "x",
      "--secret=y",
      "db.password=z",
      "--lr",
      "0.1",
      "postgres://a:b@c/d",
      "--password",
      "--next",
    ];
    expect(redactCommand(words)).toEqual([
      "train",
      "--api-key",
      "[secret]",
      "--secret=[secret]",
      "db.password=[secret]",
      "--lr",
      "0.1",
      "postgres://a:[secret]@c/d",
      "--password",
      "--next",
    ]);
  });
});

describe("metrics in a line", () => {
  it.each([
    ["loss=0.5, acc: .9", null, { loss: 0.5, acc: 0.9 }],
    ["[Epoch 3/10] train/loss = -1.5e-3", 3, { "train/loss": -0.0015 }],
    ["step 12 | loss: inf | lr: 1e-4", 12, { loss: Infinity, lr: 0.0001 }],
    ["{'eval_loss': nan, 'epoch': 2.0}", 2, { eval_loss: Number.NaN }],
    ["10/10 [====] - 1s 3ms/step - loss: 0.1 - val_loss: 0.2", null, { loss: 0.1, val_loss: 0.2 }],
  ])("%s", (line, step, values) => expect(parseMetricLine(line)).toEqual({ step, values }));

  it.each([
    "",
    "no metrics here",
    "see train.py:12",
    "at 12:30:45",
    "http://host:80",
    "version=1.2.3",
    "ip=10.0.0.1",
    "id=3f2a",
    "date: 2026-01-02",
  ])("none: %s", (line) => expect(parseMetricLine(line)).toBeNull());

  it("are the same however the output is cut", () => {
    const text = "epoch=1 löss=0.5\r\nacc=1\rmae=2\nlast=3";
    const collect = (pieces: Buffer[]): unknown[] => {
      const found: unknown[] = [];
      const metrics = new StdoutMetrics([], (one) => found.push(one));
      for (const piece of pieces) metrics.add(piece);
      metrics.end();
      return found;
    };
    const bytes = Buffer.from(text);
    const whole = collect([bytes]);
    expect(whole).toHaveLength(4);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 6 }), (cuts) => {
        const ends = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        expect(collect(ends.slice(1).map((end, index) => bytes.subarray(ends[index], end)))).toEqual(whole);
      }),
    );
  });

  it("never fail on any text, and stop at a thousand names", () => {
    fc.assert(fc.property(fc.string(), (text) => void parseMetricLine(text)));
    let names = 0;
    const metrics = new StdoutMetrics([], ({ values }) => (names += Object.keys(values).length));
    metrics.add(Buffer.from(Array.from({ length: 2_000 }, (_, index) => `name${index}=1\n`).join("")));
    expect(names).toBe(1_000);
  });
});

describe("configuration", () => {
  it("reads arguments with repeated and valueless flags, minus signs and Hydra's pairs", () => {
    expect(
      parseArguments([
        "a.py",
        "--x",
        "1",
        "--x",
        "2",
        "--flag",
        "--empty=",
        "-5",
        "+model.depth=3",
        "--",
        "--y",
        "007",
      ]),
    ).toEqual({
      "arguments/0": "a.py",
      "arguments/--x/0": 1,
      "arguments/--x/1": 2,
      "arguments/--flag": true,
      "arguments/--empty": "",
      "arguments/1": -5,
      "arguments/model.depth": 3,
      "arguments/--y": "007",
    });
  });

  it("reads INI and dotenv files, names like __proto__ too", () => {
    expect(parseIni("a = 1\n; note\n[s]\nb: x=y\n[__proto__]\nc=1\n").s).toEqual(expect.objectContaining({ b: "x=y" }));
    const text = "# note\nexport A=1\nB='x # y'\nC=\"a\\nb\"\nD=plain # note\nE=\n";
    expect({ ...parseDotenv(text) }).toEqual({ A: "1", B: "x # y", C: "a\nb", D: "plain", E: "" });
    expect(() => parseDotenv("no pair")).toThrow();
    expect(() => parseIni("no pair")).toThrow();
  });
});

describe("source", () => {
  it("reads git's lists with odd names", () => {
    expect([
      ...parseListing(`100644 ${"a".repeat(40)} 0\todd\nnäme\t.py\x00160000 ${"b".repeat(40)} 0\tmodule\0`),
    ]).toEqual([
      ["odd\nnäme\t.py", "a".repeat(40)],
      ["module", "b".repeat(40)],
    ]);
    expect(parseStatus(" M a b\0?? new\n\0 D gone\0D  staged\0AM both\0")).toEqual({
      changed: ["a b", "new\n", "both"],
      deleted: ["gone", "staged"],
    });
  });

  it("walks folders up to a limit, without environments, caches and links", () => {
    write({
      "a.py": "",
      "sub/b.py": "",
      "node_modules/x/c.js": "",
      "env/pyvenv.cfg": "",
      "env/lib/d.py": "",
      ".git/config": "",
    });
    symlinkSync(folder, join(folder, "loop"));
    expect(walkFiles(folder, 1_000)).toEqual({ files: ["a.py", "sub/b.py"], complete: true });
    expect(walkFiles(folder, 2).complete).toBe(false);
    expect(walkFiles(join(folder, "missing"), 10)).toEqual({ files: [], complete: true });
  });
});

it("identifies a file that is too large by samples of it", async () => {
  const path = join(folder, "large");
  const content = Buffer.alloc(10_000_000, 1);
  writeFileSync(path, content);
  const before = await sampledSnapshot(path);
  expect(await sampledSnapshot(path)).toBe(before);
  content[0] = 2;
  writeFileSync(path, content);
  expect(await sampledSnapshot(path)).not.toBe(before);
  writeFileSync(path, "");
  expect(await sampledSnapshot(path)).toMatch(/^sampled:0:/);
});

it("lets other work go on while many source files are read", async () => {
  const root = join(folder, "many");
  mkdirSync(root);
  for (let index = 0; index < 1_500; index++) writeFileSync(join(root, `m${index}.py`), `x = ${index}\n`);
  let turns = 0;
  let isReading = true;
  const turn = (): void => {
    turns += 1;
    if (isReading) setImmediate(turn);
  };
  setImmediate(turn);
  const { entries } = await captureSource(root);
  isReading = false;
  expect(Object.keys(entries).filter((path) => path.startsWith("files/"))).toHaveLength(1_500);
  // The output of the command and its signals come in such turns.
  expect(turns).toBeGreaterThan(2);
});
