/**
 * Bounds of one certification. All are counted, none is a time, so every machine agrees. What each
 * allows, and how long the dearest certificates take within them: docs/kernel.md.
 */
export const kernelLimits = {
  /** Bytes of the certificate. */
  bytes: 65_536,
  /** Distinct terms, and sorts, of the obligation and of what steps add. */
  terms: 100_000,
  /** One is a UTF-16 unit of a monomial, so below 65,535. */
  unknowns: 65_000,
  /** Boolean ones. A pair of their literals must be an exact number: at most 2^20. */
  variables: 1_000_000,
  /** Bits of a bit vector. */
  width: 4_096,
  /** Factors of a monomial. It is one digit of an atom's key: at most 9. */
  degree: 8,
  /** Monomials of a polynomial. */
  monomials: 1_024,
  /** Bits of a coefficient. */
  digits: 1_024,
  steps: 20_000,
  /** Steps that are arithmetic lemmas. */
  lemmas: 10_000,
  /** Units of work for the obligation's clauses and what follows from them at once. */
  reading: 40_000_000,
  /** Units of work for the certificate's steps. */
  work: 3_000_000,
};

export type Limits = Readonly<typeof kernelLimits>;

/** Why a certification ended without success. */
export type Stop =
  | { readonly type: "refused"; readonly reason: string }
  | { readonly type: "exhausted"; readonly limit: keyof Limits };

/** Carries a `Stop` to `certify`, which alone catches it. */
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

/** The limits, and the units of work spent on what is being done. */
export interface Meter {
  readonly limits: Limits;
  /** The largest magnitude of a coefficient. */
  readonly largest: bigint;
  phase: "reading" | "work";
  allowed: number;
  spent: number;
}

export function createMeter(limits: Limits): Meter {
  // The keys of monomials, gates and atoms are unique within these, whatever the limits say.
  const { unknowns, variables, degree } = limits;
  demand(unknowns < 2 ** 16 - 1 && variables <= 2 ** 20 && degree <= 9, "limits that are too wide");
  const largest = 1n << BigInt(limits.digits);
  return { limits, largest, phase: "reading", allowed: limits.reading, spent: 0 };
}

/** Counts what the steps of a certificate cost apart from what the obligation did. */
export function startSteps(meter: Meter): void {
  [meter.phase, meter.allowed, meter.spent] = ["work", meter.limits.work, 0];
}

/** Ends the certification when a count is above its limit. */
export function bound({ limits }: Meter, limit: keyof Limits, count: number): void {
  if (count > limits[limit]) throw new Stopped({ type: "exhausted", limit });
}

/** One unit is about 10 ns where it is dearest. */
export function spend(meter: Meter, units: number): void {
  meter.spent += units;
  if (meter.spent > meter.allowed) bound(meter, meter.phase, Infinity);
}

/** A number, unless it has too many digits. */
export function boundDigits(meter: Meter, value: bigint): bigint {
  if (value > meter.largest || -value > meter.largest) bound(meter, "digits", Infinity);
  return value;
}
