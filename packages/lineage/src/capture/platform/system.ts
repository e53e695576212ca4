import { existsSync, readFileSync } from "node:fs";
import { arch, release, type } from "node:os";
import type { Leaf } from "@deepwright/core";

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Operating system and container. */
export function captureSystem(environment: Readonly<Record<string, string | undefined>>): Record<string, Leaf> {
  const osRelease = readText("/etc/os-release");
  const pretty = /^PRETTY_NAME="?([^"\n]*)"?/m.exec(osRelease)?.[1];
  const entries: Record<string, Leaf> = {
    "os/name": pretty ?? type(),
    "os/release": release(),
    "os/architecture": arch(),
  };
  const kind = containerKind(environment, readText("/proc/1/cgroup"), existsSync);
  if (kind !== null) entries["container/kind"] = kind;
  const image = /^image="?([^"\n]+)"?/m.exec(readText("/run/.containerenv"))?.[1];
  if (image !== undefined) entries["container/image"] = image;
  return entries;
}

/** The kind of container by the marks that each kind leaves; `null` outside of one. */
export function containerKind(
  environment: Readonly<Record<string, string | undefined>>,
  initControlGroup: string,
  exists: (path: string) => boolean,
): string | null {
  if (environment.KUBERNETES_SERVICE_HOST) return "kubernetes";
  if (environment.SINGULARITY_NAME || environment.APPTAINER_NAME || exists("/.singularity.d")) return "apptainer";
  if (exists("/.dockerenv") || /\/docker[/-]/.test(initControlGroup)) return "docker";
  if (exists("/run/.containerenv") || /libpod/.test(initControlGroup)) return "podman";
  const declared = environment.container;
  if (declared) return declared;
  return /\/lxc\//.test(initControlGroup) ? "lxc" : null;
}
