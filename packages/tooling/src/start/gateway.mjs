import { builtProgram } from "../setup/programs.mjs";
import { startService } from "../setup/service.mjs";
import { root } from "../setup/workspace.mjs";

const defaults = { "--store": "file:.deepwright", "--port": "4000" };

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
  const missing = Object.entries(defaults).filter(
    ([flag]) => !parameters.some((parameter) => parameter === flag || parameter.startsWith(`${flag}=`)),
  );
  return [...missing.flat(), ...parameters];
}
