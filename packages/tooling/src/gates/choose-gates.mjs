import { Failure } from "../setup/failure.mjs";

/**
 * Gates whose name contains one of the words; a plural or singular of a word in the name counts too. All for no words.
 *
 * @template {{ readonly name: string }} Gate
 * @param {readonly Gate[]} gates
 * @param {readonly string[]} words
 * @returns {Gate[]}
 * @throws {Failure} for a word that is in no name: it would pass by running nothing
 */
export function chooseGates(gates, words) {
  const isMeant = (/** @type {Gate} */ { name }, /** @type {string} */ word) => name.includes(word.replace(/s$/, ""));
  const unknown = words.find((word) => !gates.some((gate) => isMeant(gate, word)));
  if (unknown !== undefined) {
    const names = gates.map(({ name }) => `  ${name}`).join("\n");
    throw new Failure(`No gate has "${unknown}" in its name.`, `Use words of these names:\n${names}`);
  }
  return gates.filter((gate) => words.length === 0 || words.some((word) => isMeant(gate, word)));
}
