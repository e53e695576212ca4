import { Failure } from "../setup/failure.mjs";
import { builtProgram } from "../setup/programs.mjs";
import { startService } from "../setup/service.mjs";
import { root } from "../setup/workspace.mjs";

const defaults = { "--store": "file:.deepwright", "--port": "4000" };

/**
 * Starts the gateway and waits until it says where it listens.
 *
 * @param {readonly string[]} parameters of the gateway; they win over the defaults of `npm start`
 */
export async function startGateway(parameters) {
  const given = Object.entries(defaults).flatMap(([flag, value]) =>
    parameters.some((parameter) => parameter === flag || parameter.startsWith(`${flag}=`)) ? [] : [flag, value],
  );
  const service = startService(process.execPath, [builtProgram("gateway"), ...given, ...parameters], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  /** @type {Promise<string>} */
  const listening = new Promise((resolve) => {
    let output = "";
    service.child.stdout?.setEncoding("utf8").on("data", (text) => {
      output += text;
      process.stdout.write(text);
      const address = /https?:\/\/[\w.:[\]-]+/.exec(output)?.[0];
      if (address) resolve(address);
    });
  });
  const address = await Promise.race([listening, service.ended.then(() => undefined)]);
  if (address !== undefined) return { address, service };
  throw new Failure(
    `The gateway ended with ${await service.ended} before it listened.`,
    "Read its message above; another port or store is chosen with `npm start -- --port 0 --store file:DIRECTORY`.",
  );
}
