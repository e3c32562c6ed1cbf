/** Facts about a failure. Programs may rely on `code`, but not on the message of the error. */
export interface Fault {
  readonly code: string;
}

/** Base of every error that an Aethel package throws on purpose. Branch on `fault.code`. */
export abstract class AethelError<F extends Fault = Fault> extends Error {
  abstract override readonly name: string;
  readonly fault: F;

  constructor(fault: F, options?: ErrorOptions) {
    super(describeFault(fault), options);
    this.fault = fault;
  }
}

/** Failure of a value or of bytes. The facts suffice to reproduce it. */
export type ModelsFault =
  /** Bytes that are not the canonical encoding of `type`. */
  | {
      readonly code: "DECODE";
      readonly type: string;
      /** Path of the field that is wrong, such as `a.b[2]`. Empty if it is the value as a whole. */
      readonly field: string;
      readonly reason: string;
    }
  /** A value that `type` cannot hold. Nothing was encoded. */
  | {
      readonly code: "ENCODE";
      readonly type: string;
      readonly field: string;
      readonly reason: string;
    }
  /** A number, length or text outside its range. */
  | { readonly code: "RANGE"; readonly what: string; readonly reason: string }
  /** A genesis or chain parameters that cannot work, with one entry for each problem. */
  | { readonly code: "GENESIS"; readonly problems: readonly string[] };

/** The one error class of `@aethel/models`. */
export class ModelsError extends AethelError<ModelsFault> {
  override readonly name = "ModelsError";
}

/**
 * Use of a feature that the types of this version have but that does not exist yet. Such a call
 * always throws.
 */
export class NotYetError extends AethelError<{
  readonly code: "NOT_YET";
  readonly feature: string;
}> {
  override readonly name = "NotYetError";
}

/** Makes the compiler check that a switch is exhaustive. Throws if it is reached all the same. */
export function assertNever(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}

/**
 * Checks an invariant of this code. It is checked in production too: a replica that breaks it must
 * stop.
 */
export function assert(condition: boolean, invariant: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${invariant}`);
}

function describeFault(fault: Fault): string {
  const facts = Object.entries(fault).filter(([key]) => key !== "code");
  return [fault.code, ...facts.map(([key, value]) => `${key}=${String(value)}`)].join(" ");
}
