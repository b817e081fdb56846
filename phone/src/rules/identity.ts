/** Full identity numbers are never taken in, wherever they were typed: only the last four letters remain. */

const IDENTITY =
  /(?<!\d)[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(\d{3}[\dXx])(?![\dXx])/g;

export function withoutIdentityNumbers<T>(value: T): T {
  if (typeof value === "string") {
    return (value.length >= 18 ? value.replace(IDENTITY, "**************$1") : value) as T;
  }
  if (Array.isArray(value)) return value.map(withoutIdentityNumbers) as T;
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutIdentityNumbers(inner)])) as T;
  }
  return value;
}
