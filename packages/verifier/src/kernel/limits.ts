/**
 * Bounds of one certification. All are counts, none is a time, so every machine agrees.
 * docs/kernel.md states what each allows, and how long the slowest certificates take.
 */
export const kernelLimits = {
  /** Bytes of the certificate. */
  bytes: 65_536,
  /** Distinct terms and sorts, of the obligation and of the steps. */
  terms: 100_000,
  /** Unknowns. Each is a UTF-16 unit of a monomial, so their number is below 65,535. */
  unknowns: 65_000,
  /** Boolean variables, at most 2^20: a pair of their literals must be an exact number. */
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
  /** Units of work for the obligation's clauses and their unit propagation. */
  reading: 40_000_000,
  /** Units of work for the certificate's steps. */
  work: 3_000_000,
};

export type Limits = Readonly<typeof kernelLimits>;

/** Reason why a certification ended without success. */
export type Stop =
  | { readonly type: "refused"; readonly reason: string }
  | { readonly type: "exhausted"; readonly limit: keyof Limits };

/** Error that carries a `Stop` to `certify`, which alone catches it. */
export class Stopped extends Error {
  override readonly name = "Stopped";
  readonly stop: Stop;

  constructor(stop: Stop) {
    super(stop.type === "refused" ? stop.reason : stop.limit);
    this.stop = stop;
  }
}

/** Ends the certification with a reason. */
export function refuse(reason: string): never {
  throw new Stopped({ type: "refused", reason });
}

export function demand(condition: boolean, reason: string): asserts condition {
  if (!condition) refuse(reason);
}

/** Limits, and the units of work spent on the current part. */
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

/** Starts to count the steps of a certificate, apart from the obligation. */
export function startSteps(meter: Meter): void {
  [meter.phase, meter.allowed, meter.spent] = ["work", meter.limits.work, 0];
}

/** Ends the certification when a count is above its limit. */
export function bound({ limits }: Meter, limit: keyof Limits, count: number): void {
  if (count > limits[limit]) throw new Stopped({ type: "exhausted", limit });
}

/** Counts work. One unit takes up to about 10 ns. */
export function spend(meter: Meter, units: number): void {
  meter.spent += units;
  if (meter.spent > meter.allowed) bound(meter, meter.phase, Infinity);
}

/** Returns a number, unless it has too many digits. */
export function boundDigits(meter: Meter, value: bigint): bigint {
  if (value > meter.largest || -value > meter.largest) bound(meter, "digits", Infinity);
  return value;
}
