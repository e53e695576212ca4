/** Whether a figure lies within bounds, both inclusive; NaN lies within none. */
export function within(value: number, bounds: { min?: number | undefined; max?: number | undefined }): boolean {
  return value >= (bounds.min ?? Number.NEGATIVE_INFINITY) && value <= (bounds.max ?? Number.POSITIVE_INFINITY);
}
