/** Figures as people type them, full-width ones included: 3６。5 is 36.5. */
const LONGEST = 9;

export function figures(typed: string, whole: boolean): string {
  const plain = typed.normalize("NFKC").replaceAll("。", ".").replaceAll(",", ".");
  const sign = plain.trimStart().startsWith("-") ? "-" : "";
  const [before = "", ...after] = plain.replace(/[^\d.]/g, "").split(".");
  const point = whole || !after.length ? "" : ".";
  return sign + before.slice(0, LONGEST) + point + (whole ? "" : after.join("").slice(0, 4));
}

/** As the form engine keeps it; "" while there is no number yet. */
export function numberOf(typed: string): string {
  return /\d/.test(typed) ? String(Number(typed)) : "";
}
