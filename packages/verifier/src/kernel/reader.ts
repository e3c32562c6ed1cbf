import { bound, boundDigits, demand, type Meter, refuse, spend } from "./limits.ts";
import type { Monomial, Polynomial } from "./polynomial.ts";

/** Bytes of a certificate, and the offset of the next one. Every value has exactly one encoding. */
export interface Reader {
  readonly meter: Meter;
  readonly bytes: Uint8Array;
  at: number;
}

/**
 * Reads a natural number in LEB128: 7 bits a byte, the least significant first, with the top bit
 * set in all bytes but the last.
 */
export function readNatural(reader: Reader): bigint {
  let value = 0n;
  for (let shift = 0n; ; shift += 7n) {
    spend(reader.meter, 10);
    const byte = reader.bytes[reader.at++] ?? refuse("the certificate ends within a number");
    value = boundDigits(reader.meter, value | (BigInt(byte & 127) << shift));
    if (byte >= 128) continue;
    demand(byte > 0 || shift === 0n, "a number with a leading zero");
    return value;
  }
}

/**
 * Reads a natural number, which must be below `end`. Handles the frequent case of one byte itself.
 */
export function readBelow(reader: Reader, end: number): number {
  const byte = reader.bytes[reader.at] ?? 128;
  const value = byte < 128 ? byte : Number(readNatural(reader));
  if (byte < 128) reader.at++;
  demand(value < end, "a number beyond its range");
  return value;
}

/**
 * Reads a list of at least one item. Each item must have at least one byte, which bounds the count.
 */
export function readList<Item>(reader: Reader, readItem: () => Item): readonly Item[] {
  const count = readBelow(reader, reader.bytes.length);
  demand(count > 0, "an empty list");
  spend(reader.meter, 10 * count);
  return Array.from({ length: count }, readItem);
}

/** Reads a polynomial with integer coefficients. Its unknowns must be below `end`. */
export function readPolynomial(reader: Reader, end: number): Polynomial {
  const terms = readList(reader, () => {
    const monomial = readMonomial(reader, end);
    const coded = readNatural(reader);
    demand(coded > 0n, "a coefficient of 0");
    return { monomial, coefficient: coded % 2n === 0n ? coded / 2n : -(coded + 1n) / 2n };
  });
  bound(reader.meter, "monomials", terms.length);
  const monomials = terms.map(({ monomial }) => monomial);
  // Strictly: the coefficients of a repeated monomial would not be its coefficient.
  const ascending = monomials.every(
    (monomial, at) => at === 0 || (monomials[at - 1] ?? "") < monomial,
  );
  demand(ascending, "monomials that do not ascend");
  return { monomials, coefficients: terms.map(({ coefficient }) => coefficient), denominator: 1n };
}

/** Reads a monomial: the first unknown, then the difference from each unknown to the next. */
function readMonomial(reader: Reader, end: number): Monomial {
  let [monomial, unknown] = ["", 0];
  for (let left = readBelow(reader, reader.meter.limits.degree + 1); left > 0; left--) {
    unknown += readBelow(reader, end - unknown);
    monomial += String.fromCharCode(unknown + 1);
  }
  return monomial;
}
