import { npmCommand, runCommand } from "./command.mjs";

/** npm's settings for reaching a registry, and pnpm's name for each in the environment. */
const settings = {
  registry: "pnpm_config_registry",
  cafile: "pnpm_config_cafile",
  proxy: "pnpm_config_http_proxy",
  "https-proxy": "pnpm_config_https_proxy",
  noproxy: "pnpm_config_noproxy",
};

/**
 * npm's own view of where packages come from. pnpm reads the `.npmrc` of the project and of the user, but neither
 * `npm_config_*` variables nor npm's global file, so what npm would use is handed to it in the environment.
 *
 * @returns {Promise<{ registry: string, environment: Record<string, string> }>}
 */
export async function registrySettings() {
  const result = await runCommand(...npmCommand(["config", "list", "--json"]));
  /** @type {Record<string, unknown>} */
  let configuration = {};
  try {
    configuration = JSON.parse(result.stdout);
  } catch {
    // Without npm's settings pnpm's own defaults hold.
  }
  /** @type {Record<string, string>} */
  const environment = {};
  for (const [name, variable] of Object.entries(settings)) {
    const value = configuration[name];
    const text = Array.isArray(value) ? value.join(",") : value;
    if (typeof text === "string" && text !== "" && !text.includes("***")) environment[variable] = text;
  }
  // Programs that know nothing of npm's settings (the uplink of a registry on loopback) trust the same authority.
  if (typeof configuration.cafile === "string" && !process.env.NODE_EXTRA_CA_CERTS) {
    environment.NODE_EXTRA_CA_CERTS = configuration.cafile;
  }
  return { registry: environment.pnpm_config_registry ?? "https://registry.npmjs.org/", environment };
}
