/**
 * Limits of one certification. All of them are counts and none is a time, so every machine agrees.
 * docs/kernel.md states what each allows, and how long the slowest certificates take.
 */
export const kernelLimits = {
  /** Greatest length of the certificate, in bytes. */
  bytes: 65_536,
  /** Greatest number of distinct terms, and of distinct sorts, in the obligation and the steps. */
  terms: 100_000,
  /**
   * Greatest number of unknowns. Each is a UTF-16 unit of a monomial, so it must be below 65,535.
   */
  unknowns: 65_000,
  /**
   * Greatest number of boolean variables. At most 2^20, so that a pair of literals is an exact
   * number.
   */
  variables: 1_000_000,
  /** Greatest width of a bit vector, in bits. */
  width: 4_096,
  /**
   * Greatest number of factors of a monomial. At most 9, because an atom's key has one digit for
   * it.
   */
  degree: 8,
  /** Greatest number of monomials of a polynomial. */
  monomials: 1_024,
  /** Greatest length of a coefficient, in bits. */
  digits: 1_024,
  steps: 20_000,
  /** Greatest number of steps that are arithmetic lemmas. */
  lemmas: 10_000,
  /**
   * Greatest number of units of work for building the clauses of the obligation and for unit
   * propagation over them.
   */
  reading: 40_000_000,
  /** Greatest number of units of work for the steps of the certificate. */
  work: 3_000_000,
};

export type Limits = Readonly<typeof kernelLimits>;

/** Reason why a certification ended without success: it was refused, or a limit was exhausted. */
export type Stop =
  | { readonly type: "refused"; readonly reason: string }
  | { readonly type: "exhausted"; readonly limit: keyof Limits };

/** Error that carries a `Stop`. `certify` catches it, and so does the prover. */
export class Stopped extends Error {
  override readonly name = "Stopped";
  readonly stop: Stop;

  constructor(stop: Stop) {
    super(stop.type === "refused" ? stop.reason : stop.limit);
    this.stop = stop;
  }
}

/** Ends the certification with a refusal. */
export function refuse(reason: string): never {
  throw new Stopped({ type: "refused", reason });
}

export function demand(condition: boolean, reason: string): asserts condition {
  if (!condition) refuse(reason);
}

/**
 * Limits, and the units of work that the current phase has spent. `allowed` is the phase's limit.
 */
export interface Meter {
  readonly limits: Limits;
  /** Greatest magnitude of a coefficient. */
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

/** Begins the phase `work`, in which the steps of a certificate are counted. */
export function startSteps(meter: Meter): void {
  [meter.phase, meter.allowed, meter.spent] = ["work", meter.limits.work, 0];
}

/** Ends the certification if a count is above its limit. */
export function bound({ limits }: Meter, limit: keyof Limits, count: number): void {
  if (count > limits[limit]) throw new Stopped({ type: "exhausted", limit });
}

/**
 * Counts units of work, and ends the certification if the phase's limit is exceeded. A unit takes
 * up to about 10 ns.
 */
export function spend(meter: Meter, units: number): void {
  meter.spent += units;
  if (meter.spent > meter.allowed) bound(meter, meter.phase, Infinity);
}

/** Returns the value. Ends the certification if its magnitude is above `Meter.largest`. */
export function boundDigits(meter: Meter, value: bigint): bigint {
  if (value > meter.largest || -value > meter.largest) bound(meter, "digits", Infinity);
  return value;
}
