import { bound, type Meter, refuse, require } from "./limits.ts";
import type { Monomial, Polynomial } from "./polynomial.ts";

/** The bytes of a certificate and the place of the next. */
export interface Reader {
  readonly meter: Meter;
  readonly bytes: Uint8Array;
  at: number;
}

/** A natural: 7 bits a byte, the least significant first, the top bit on all but the last (LEB128). */
export function readNatural(reader: Reader): bigint {
  const { bytes, meter } = reader;
  let [value, shift] = [0n, 0n];
  for (;;) {
    const byte = bytes[reader.at++];
    if (byte === undefined) return refuse("the certificate ends within a number");
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) {
      // Of the many ways to write a number only the shortest is a certificate's.
      require(byte > 0 || shift === 0n, "a number with a leading zero");
      return value;
    }
    shift += 7n;
    bound(meter, "digits", Number(shift));
  }
}

/** A natural below `end`. */
export function readBelow(reader: Reader, end: number): number {
  // Most are one byte.
  const byte = reader.bytes[reader.at] ?? 128;
  const value = byte < 128 ? byte : Number(readNatural(reader));
  if (byte < 128) reader.at++;
  require(value < end, "a number that is out of its range");
  return value;
}

/** How many things follow: at least one, and no more than there are bytes. */
export function readCount(reader: Reader): number {
  const count = readBelow(reader, reader.bytes.length);
  require(count > 0, "a list of nothing");
  return count;
}

/** A polynomial with integer coefficients over the first `unknowns` unknowns. */
export function readPolynomial(reader: Reader, unknowns: number): Polynomial {
  const count = readCount(reader);
  bound(reader.meter, "monomials", count);
  const monomials: Monomial[] = [];
  const coefficients: bigint[] = [];
  for (let at = 0; at < count; at++) {
    const monomial = readMonomial(reader, unknowns);
    const previous = monomials.at(-1);
    // Strictly: a monomial that occurs twice would be a polynomial that is not canonical.
    require(previous === undefined || previous < monomial, "monomials that do not ascend");
    monomials.push(monomial);
    const coded = readNatural(reader);
    require(coded > 0n, "a coefficient of 0");
    coefficients.push(coded % 2n === 0n ? coded / 2n : -(coded + 1n) / 2n);
  }
  return { monomials, coefficients, denominator: 1n };
}

function readMonomial(reader: Reader, unknowns: number): Monomial {
  const degree = readBelow(reader, reader.meter.limits.degree + 1);
  let monomial = "";
  let unknown = 0;
  for (let at = 0; at < degree; at++) {
    unknown += readBelow(reader, unknowns - unknown);
    monomial += String.fromCharCode(unknown + 1);
  }
  return monomial;
}
