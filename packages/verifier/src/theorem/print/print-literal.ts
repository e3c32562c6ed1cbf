/** An integer: SMT-LIB has no negative numerals. */
export function printInteger(value: bigint): string {
  return value < 0n ? `(- ${-value})` : `${value}`;
}

/** A real constant: a decimal where it has one, else a quotient of decimals. */
export function printReal(numerator: bigint, denominator: bigint): string {
  if (numerator < 0n) return `(- ${printReal(-numerator, denominator)})`;
  const places = decimalPlaces(denominator);
  if (places === undefined) return `(/ ${numerator}.0 ${denominator}.0)`;
  const digits = String((numerator * 10n ** BigInt(places)) / denominator);
  const padded = digits.padStart(places + 1, "0");
  const whole = padded.slice(0, padded.length - places);
  return `${whole}.${padded.slice(padded.length - places) || "0"}`;
}

/** A bit pattern, in hexadecimal where the width allows. */
export function printBits(value: bigint, width: number): string {
  if (width % 4 === 0) return `#x${value.toString(16).padStart(width / 4, "0")}`;
  return `#b${value.toString(2).padStart(width, "0")}`;
}

/** A string: printable ASCII as it is, all else and the backslash by code point. */
export function printString(characters: readonly number[]): string {
  let text = "";
  for (const code of characters) {
    if (code === 0x22) text += '""';
    else if (code < 0x20 || code > 0x7e || code === 0x5c) text += `\\u{${code.toString(16)}}`;
    else text += String.fromCharCode(code);
  }
  return `"${text}"`;
}

/** Digits after the point of `1 / denominator`; `undefined` when there is no end to them. */
function decimalPlaces(denominator: bigint): number | undefined {
  let [rest, twos, fives] = [denominator, 0, 0];
  for (; rest % 2n === 0n; twos++) rest /= 2n;
  for (; rest % 5n === 0n; fives++) rest /= 5n;
  return rest === 1n ? Math.max(twos, fives) : undefined;
}
