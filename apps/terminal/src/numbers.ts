/**
 * Formats a number with digits in groups of three, such as `1,234,567.5`, whatever the locale.
 * Digits after the point are not grouped. Commas, unlike spaces, keep the number in one piece when
 * a line is broken.
 */
export function group(value: number | bigint | string): string {
  const [whole = "", ...fraction] = String(value).split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...fraction].join(".");
}

/** Formats a number and its noun: `1 proof`, `2,000 proofs`. */
export function count(number: number, noun: string): string {
  return `${group(number)} ${noun}${number === 1 ? "" : "s"}`;
}
