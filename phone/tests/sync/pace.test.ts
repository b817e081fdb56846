import { expect, test } from "vitest";

import { afterSuccess, afterTooMuch, batchOf, LARGEST, MOST_BYTES, SMALLEST, waitBefore } from "../../src/sync/pace";

test("a quick answer doubles the batch up to the server's limit, a slow one halves it, anything between leaves it", () => {
  expect([afterSuccess(10, 500), afterSuccess(80, 500), afterSuccess(10, 8_000), afterSuccess(10, 20_000), afterSuccess(1, 20_000)]).toEqual([20, LARGEST, 10, 5, SMALLEST]);
});

test("too much halves it down to one", () => {
  expect([afterTooMuch(100), afterTooMuch(3), afterTooMuch(1)]).toEqual([50, 1, 1]);
});

test("each failure waits longer, never for ever, and never all phones at once", () => {
  const waits = [1, 2, 3, 8, 50].map((failures) => waitBefore(failures, 1, null));
  expect(waits).toEqual([...waits].sort((a, b) => a - b));
  expect(waits.at(-1)).toBeLessThanOrEqual(301_000);
  expect(waitBefore(3, 0, null)).toBeLessThan(waitBefore(3, 0.9, null) / 5);
  expect(waitBefore(1, 0, 60_000)).toBeGreaterThanOrEqual(60_000);
});

test("a batch holds as many as fit both limits, and one in any case", () => {
  expect(batchOf([1, 2, 3, 4], 3, () => 1)).toEqual([1, 2, 3]);
  expect(batchOf([1, 2, 3, 4], 10, () => MOST_BYTES / 2)).toEqual([1, 2]);
  expect(batchOf([1, 2], 10, () => MOST_BYTES * 2)).toEqual([1]);
});
