/** How much at once and how soon again. Pure. */

export const SMALLEST = 1;
export const LARGEST = 100;
export const FIRST = 10;
const QUICK = 4_000; // an answer within this time: the line bears more
const SLOW = 12_000;

export function afterSuccess(size: number, took: number): number {
  if (took <= QUICK) return Math.min(LARGEST, size * 2);
  return took >= SLOW ? Math.max(SMALLEST, Math.ceil(size / 2)) : size;
}

export function afterTooMuch(size: number): number {
  return Math.max(SMALLEST, Math.floor(size / 2));
}

const SHORTEST_WAIT = 2_000;
const LONGEST_WAIT = 300_000;

/** Longer each time, and anywhere in between: three hundred phones must not come back in the same second. */
export function waitBefore(failures: number, random: number, asked: number | null): number {
  const ceiling = Math.min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** Math.min(failures, 10));
  return Math.max(asked ?? 0, 0) + SHORTEST_WAIT / 2 + random * ceiling;
}

export const MOST_BYTES = 400_000; // of one batch before packing, far below the server's limit

/** As many as fit both limits, at least one. */
export function batchOf<T>(items: readonly T[], size: number, bytesOf: (item: T) => number): T[] {
  let bytes = 0;
  const fits = items.slice(0, size).findIndex((item) => (bytes += bytesOf(item)) > MOST_BYTES);
  return items.slice(0, fits < 0 ? size : Math.max(1, fits));
}
