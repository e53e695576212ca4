/**
 * Runs one step of a script with a line before and after it.
 *
 * @template Result
 * @param {string} title what is done, in the imperative
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function step(title, work) {
  const start = performance.now();
  process.stdout.write(`> ${title}\n`);
  const result = await work();
  process.stdout.write(`  done in ${seconds(performance.now() - start)}\n`);
  return result;
}

/** @param {number} milliseconds */
export const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;
