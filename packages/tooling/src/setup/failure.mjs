/** What a person can act on: shown as it is, without a stack. Everything else that is thrown is a defect of a script. */
export class Failure extends Error {
  /**
   * @param {string} message what happened
   * @param {string} todo what to do next, a whole sentence
   */
  constructor(message, todo) {
    super(message);
    this.todo = todo;
  }
}

/**
 * Runs a script's main function; a failure becomes its message and exit code 1.
 *
 * @param {() => Promise<number>} main gives the exit code
 */
export async function runScript(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    process.stderr.write(`\nFailed: ${error.message}\n${error.todo}\n`);
    process.exitCode = 1;
  }
}
