import { existsSync, readFileSync, realpathSync } from "node:fs";
import { cp, mkdir, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/** The folder of an installed package, found from the file that its name leads to. */
function packageFolder(entry: string): string {
  let folder = dirname(realpathSync(entry));
  while (!isPackage(folder)) folder = dirname(folder);
  return folder;
}

/** Folders within a package may have a `package.json` that only tells the kind of their modules. */
function isPackage(folder: string): boolean {
  const file = join(folder, "package.json");
  return existsSync(file) && "version" in JSON.parse(readFileSync(file, "utf8"));
}

/** Versions of the TOML parser before and after the refactoring, from what is installed here: no registry is asked. */
export interface PackageShelf {
  /** Holds packages as `<name>@<version>`. */
  readonly folder: string;
  readonly before: string;
  readonly after: string;
}

export async function fillShelf(folder: string): Promise<PackageShelf> {
  const put = async (entry: string): Promise<string> => {
    const source = packageFolder(entry);
    const { version } = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as { version: string };
    await cp(source, join(folder, `smol-toml@${version}`), { recursive: true });
    return version;
  };
  await mkdir(folder, { recursive: true });
  const before = await put(require.resolve("smol-toml-previous"));
  const after = await put(require.resolve("smol-toml"));
  return { folder, before, after };
}

/** Puts one version of the TOML parser, and links to what else the pipeline imports, into `node_modules`. */
export async function installPackages(root: string, shelf: PackageShelf, version: string): Promise<void> {
  const modules = join(root, "node_modules");
  await mkdir(join(modules, "@deepwright"), { recursive: true });
  await rm(join(modules, "smol-toml"), { recursive: true, force: true });
  await cp(join(shelf.folder, `smol-toml@${version}`), join(modules, "smol-toml"), { recursive: true });
  await link(packageFolder(require.resolve("@deepwright/store")), join(modules, "@deepwright", "store"));
  await link(packageFolder(require.resolve("pyodide")), join(modules, "pyodide"));
}

async function link(target: string, path: string): Promise<void> {
  if (!existsSync(path)) await symlink(target, path, "junction");
}
