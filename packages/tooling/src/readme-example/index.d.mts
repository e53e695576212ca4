/** One TypeScript block of a README. */
export interface ReadmeExample {
  /** Line of the README at which the code begins, from 1. */
  readonly line: number;
  readonly code: string;
  /** The lines that it says it prints: comments behind or directly below a `console.log`. `…` stands for any text. */
  readonly expected: readonly string[];
  /**
   * Compiles the block with TypeScript in strict mode as a file of the package and runs it in an empty working
   * directory.
   *
   * @returns the lines it printed; those that an expected line with `…` describes stand as that line
   * @throws Error with the output of the compiler or of the example, when one fails
   */
  run(): Promise<string[]>;
}

/**
 * Reads the TypeScript blocks of a README, for the test that runs them.
 *
 * @example
 * ```ts
 * describe("README", () => {
 *   it.each(readmeExamples(new URL("../README.md", import.meta.url)))(
 *     "the example at line $line prints what it says",
 *     async (example) => {
 *       expect(await example.run()).toEqual(example.expected);
 *     },
 *   );
 * });
 * ```
 * @throws Error when it has none
 */
export function readmeExamples(readme: URL): readonly ReadmeExample[];
