import type { Polynomial } from "../../kernel/polynomial.ts";

/** Bytes of a certificate in the format of docs/kernel.md. */
export interface ByteWriter {
  readonly bytes: number[];
}

/** Writes a natural number in LEB128, in the shortest form. */
export function writeNatural({ bytes }: ByteWriter, value: number | bigint): void {
  let rest = BigInt(value);
  while (rest >= 128n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
}

/** Writes a polynomial with integer coefficients. Its denominator, which is 1, is not written. */
export function writePolynomial(writer: ByteWriter, polynomial: Polynomial): void {
  const { monomials, coefficients } = polynomial;
  writeNatural(writer, monomials.length);
  monomials.forEach((monomial, at) => {
    writeNatural(writer, monomial.length);
    let previous = 0;
    for (let factor = 0; factor < monomial.length; factor++) {
      const unknown = monomial.charCodeAt(factor) - 1;
      writeNatural(writer, unknown - previous);
      previous = unknown;
    }
    const coefficient = coefficients[at] ?? 0n;
    writeNatural(writer, coefficient < 0n ? -2n * coefficient - 1n : 2n * coefficient);
  });
}
