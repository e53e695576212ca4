import { builtProgram } from "../setup/programs.mjs";
import { startService } from "../setup/service.mjs";
import { root } from "../setup/workspace.mjs";

const defaults = { "--store": "file:.deepwright", "--port": "4000" };

/** Who can reach the loopback of a person's own computer can read that person's files: there the source is shown too. */
const ownComputer = { "--source-text": "anywhere" };

/**
 * Starts the gateway. `address` resolves when it says where it listens.
 *
 * @param {readonly string[]} parameters of the gateway; they win over the defaults of `npm start`
 */
export function startGateway(parameters) {
  const service = startService(process.execPath, [builtProgram("gateway"), ...withDefaults(parameters)], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  /** @type {Promise<string>} */
  const address = new Promise((resolve) => {
    let output = "";
    service.child.stdout?.setEncoding("utf8").on("data", (text) => {
      output += text;
      process.stdout.write(text);
      const found = /(https?:\/\/\S+?)\/?\s/.exec(output)?.[1];
      if (found) resolve(found);
    });
  });
  return { ...service, address };
}

/**
 * @param {readonly string[]} parameters
 * @returns {string[]}
 */
function withDefaults(parameters) {
  /** @param {string} flag */
  const isGiven = (flag) => parameters.some((parameter) => parameter === flag || parameter.startsWith(`${flag}=`));
  // Another address, or another name for this one, means that others come in.
  const isOwn = !isGiven("--host") && !isGiven("--allowed-host");
  const missing = Object.entries({ ...defaults, ...(isOwn ? ownComputer : {}) }).filter(([flag]) => !isGiven(flag));
  return [...missing.flat(), ...parameters];
}
