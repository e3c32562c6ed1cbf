/** Bounds of one certification. All are counted, none is a time, so every machine agrees. */
export interface Limits {
  /** Of the certificate. */
  readonly bytes: number;
  /** Nodes: distinct terms of the obligation and of what steps add. */
  readonly terms: number;
  /** An unknown is one UTF-16 unit of a monomial, so below 65,535. */
  readonly unknowns: number;
  /** Boolean variables. Pairs of their literals must be exact numbers: at most 2^20. */
  readonly variables: number;
  /** Bits of one bit vector. */
  readonly width: number;
  /** Factors of a monomial. A monomial's length is one digit in the key of an atom: at most 9. */
  readonly degree: number;
  /** Monomials of a polynomial. */
  readonly monomials: number;
  /** Bits of a coefficient. */
  readonly digits: number;
  /** Of the certificate, and how many of them are arithmetic lemmas. */
  readonly steps: number;
  readonly lemmas: number;
  /** Units of work for the obligation's clauses and what follows from them at once. */
  readonly reading: number;
  /** Units of work for the certificate's steps. */
  readonly work: number;
}

/** The limits of the chain's verdicts. docs/kernel.md has what each allows, and the measurements. */
export const kernelLimits: Limits = {
  bytes: 65_536,
  terms: 100_000,
  unknowns: 65_000,
  variables: 1_000_000,
  width: 4_096,
  degree: 8,
  monomials: 1_024,
  digits: 1_024,
  steps: 20_000,
  lemmas: 10_000,
  reading: 20_000_000,
  work: 1_000_000,
};

/** Why a certification ended without success. */
export type Stop =
  | { readonly type: "refused"; readonly reason: string }
  | { readonly type: "exhausted"; readonly limit: keyof Limits };

/** Carries a `Stop` to `certify`, the one place that catches it. */
export class Stopped extends Error {
  override readonly name = "Stopped";
  readonly stop: Stop;

  constructor(stop: Stop) {
    super(stop.type === "refused" ? stop.reason : stop.limit);
    this.stop = stop;
  }
}

/** Ends the certification: something is not as it must be. */
export function refuse(reason: string): never {
  throw new Stopped({ type: "refused", reason });
}

export function demand(condition: boolean, reason: string): asserts condition {
  if (!condition) refuse(reason);
}

/** The limits, and how much of the work is left. */
export interface Meter {
  readonly limits: Limits;
  /** The largest magnitude of a coefficient. */
  readonly largest: bigint;
  phase: "reading" | "work";
  spent: number;
}

export function createMeter(limits: Limits): Meter {
  return { limits, largest: 1n << BigInt(limits.digits), phase: "reading", spent: 0 };
}

/** Ends the certification when a count is above its limit. */
export function bound({ limits }: Meter, limit: keyof Limits, count: number): void {
  if (count > limits[limit]) throw new Stopped({ type: "exhausted", limit });
}

/** Counts units of work: about 20 ns each (docs/kernel.md). */
export function spend(meter: Meter, units: number): void {
  meter.spent += units;
  bound(meter, meter.phase, meter.spent);
}

/** A number, unless it has too many digits. */
export function boundDigits(meter: Meter, value: bigint): bigint {
  if (value > meter.largest || -value > meter.largest) bound(meter, "digits", Infinity);
  return value;
}
