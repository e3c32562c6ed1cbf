/** Prints an integer, a negative one as `(- 5)`, because SMT-LIB has no negative numerals. */
export function printInteger(value: bigint): string {
  return value < 0n ? `(- ${-value})` : `${value}`;
}

/** Prints a real constant: a decimal if the denominator is a power of ten, otherwise a quotient. */
export function printReal(numerator: bigint, denominator: bigint): string {
  if (numerator < 0n) return `(- ${printReal(-numerator, denominator)})`;
  const zeros = /^1(0*)$/.exec(String(denominator))?.[1];
  if (zeros === undefined) return `(/ ${numerator}.0 ${denominator}.0)`;
  const places = zeros.length;
  const digits = String(numerator).padStart(places + 1, "0");
  const point = digits.length - places;
  return `${digits.slice(0, point)}.${digits.slice(point) || "0"}`;
}

/** Prints a bit vector, in hexadecimal if its width is a multiple of 4, otherwise in binary. */
export function printBits(value: bigint, width: number): string {
  if (width % 4 === 0) return `#x${value.toString(16).padStart(width / 4, "0")}`;
  return `#b${value.toString(2).padStart(width, "0")}`;
}

/**
 * Prints a string. Printable ASCII is written as it is; the backslash and all other characters are
 * written as code points.
 */
export function printString(characters: readonly number[]): string {
  let text = "";
  for (const code of characters) {
    if (code === 0x22) text += '""';
    else if (code < 0x20 || code > 0x7e || code === 0x5c) text += `\\u{${code.toString(16)}}`;
    else text += String.fromCharCode(code);
  }
  return `"${text}"`;
}
