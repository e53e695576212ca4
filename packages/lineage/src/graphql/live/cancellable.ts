/**
 * Makes an iterator of a generator that waits for outside events. `return` of a plain generator takes effect only when its
 * pending `next` settles, which may be never; here it aborts the wait first.
 */
export function cancellable<Item>(
  start: (signal: AbortSignal) => AsyncGenerator<Item, void, undefined>,
): AsyncIterableIterator<Item> {
  const controller = new AbortController();
  const generator = start(controller.signal);
  return {
    next: () => generator.next(),
    async return() {
      controller.abort();
      return generator.return();
    },
    async throw(error: unknown) {
      controller.abort();
      return generator.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
