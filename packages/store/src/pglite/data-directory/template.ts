/** Placeholder until the archive format stands. */
export function unpackTemplate(_target: string): boolean {
  return false;
}
