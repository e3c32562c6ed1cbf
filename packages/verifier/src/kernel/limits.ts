/** Bounds of one certification. All are counted, none is a time, so every machine agrees. */
export interface Limits {
  readonly bytes: number;
  readonly terms: number;
  readonly unknowns: number;
  readonly variables: number;
  readonly width: number;
  readonly degree: number;
  readonly monomials: number;
  readonly digits: number;
  readonly steps: number;
  readonly lemmas: number;
  readonly reading: number;
  readonly work: number;
}

/** The limits that the chain's verdicts are made with. */
export const kernelLimits: Limits = {
  /** Of the certificate. */
  bytes: 65_536,
  /** Nodes of the obligation and of what steps add; a library obligation has under 500. */
  terms: 100_000,
  /** An unknown is one UTF-16 unit of a monomial. */
  unknowns: 65_000,
  /** A 64-bit division has about 30,000. */
  variables: 400_000,
  /** Bits of one bit vector. */
  width: 4_096,
  /** Factors of a monomial: products of eight hypotheses have never been needed. */
  degree: 8,
  /** Of one polynomial: (a + b + c + d + e)^8 has 495. */
  monomials: 1_024,
  /** Bits of one coefficient: eight factors of 2^64 have 512. */
  digits: 1_024,
  /** Of a certificate; each has at least three bytes. */
  steps: 20_000,
  lemmas: 10_000,
  /** Units of work for the obligation's own clauses. */
  reading: 20_000_000,
  /** Units of work for the certificate: propagation and steps. */
  work: 3_000_000,
};

/** A limit that was reached, or a fault of the obligation or of the certificate. */
export type Stop =
  | { readonly type: "refused"; readonly reason: string }
  | { readonly type: "exhausted"; readonly limit: keyof Limits };

/** Carries a `Stop` out of the kernel's loops to `certify`, the one place that catches it. */
export class Stopped extends Error {
  override readonly name = "Stopped";
  readonly stop: Stop;

  constructor(stop: Stop) {
    super(stop.type === "refused" ? stop.reason : `limit of ${stop.limit}`);
    this.stop = stop;
  }
}

/** Ends the certification: something is not as it must be. */
export function refuse(reason: string): never {
  throw new Stopped({ type: "refused", reason });
}

/** Refuses unless `condition` holds. */
export function require(condition: boolean, reason: string): asserts condition {
  if (!condition) refuse(reason);
}

/** Ends the certification when a count is above its limit. */
export function bound(meter: Meter, limit: keyof Limits, count: number): void {
  if (count > meter.limits[limit]) throw new Stopped({ type: "exhausted", limit });
}

/** Work done so far. `phase` says which of the two limits holds. */
export interface Meter {
  readonly limits: Limits;
  /** Largest magnitude of a coefficient: 2 to the power of `limits.digits`. */
  readonly largest: bigint;
  phase: "reading" | "work";
  spent: number;
}

export function createMeter(limits: Limits): Meter {
  return { limits, largest: 1n << BigInt(limits.digits), phase: "reading", spent: 0 };
}

/** Counts units of work. One is about ten nanoseconds (measured, see docs/kernel.md). */
export function spend(meter: Meter, units: number): void {
  meter.spent += units;
  if (meter.spent > meter.limits[meter.phase]) {
    throw new Stopped({ type: "exhausted", limit: meter.phase });
  }
}
