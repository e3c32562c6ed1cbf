/** Facts about a failure. `code` is public API, the message is not. */
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

/** Failure of a value or of bytes, with the facts that reproduce it. */
export type ModelsFault =
  /** Bytes that are not the canonical encoding of `type`. */
  | {
      readonly code: "DECODE";
      readonly type: string;
      /** Dotted path of the offending field, empty for the whole. */
      readonly field: string;
      readonly reason: string;
    }
  /** A value outside what `type` can hold; nothing was encoded. */
  | {
      readonly code: "ENCODE";
      readonly type: string;
      readonly field: string;
      readonly reason: string;
    }
  /** A number, length or text outside its range. */
  | { readonly code: "RANGE"; readonly what: string; readonly reason: string }
  /** A genesis or chain parameters that cannot work; one entry for each problem. */
  | { readonly code: "GENESIS"; readonly problems: readonly string[] };

/** The one error class of `@aethel/models`. */
export class ModelsError extends AethelError<ModelsFault> {
  override readonly name = "ModelsError";
}

/**
 * Something that this version promises in its types and does not do yet. Never a silent success.
 */
export class NotYetError extends AethelError<{
  readonly code: "NOT_YET";
  readonly feature: string;
}> {
  override readonly name = "NotYetError";
}

/** Makes the compiler check that a switch is exhaustive; throws if it was not. */
export function assertNever(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}

/** An invariant of our own. It stays on in production: a replica that breaks it must stop. */
export function assert(condition: boolean, invariant: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${invariant}`);
}

function describeFault(fault: Fault): string {
  const facts = Object.entries(fault).filter(([key]) => key !== "code");
  return [fault.code, ...facts.map(([key, value]) => `${key}=${String(value)}`)].join(" ");
}
