import { assert, COUNTEREXAMPLE_BYTES_MAX, compareBytes } from "@aethel/models";
import {
  bigNatural,
  boolean,
  boundedBytes,
  type Infer,
  list,
  natural,
  struct,
  union,
} from "@aethel/models/codec";
import {
  type CompiledIntent,
  type Counterexample,
  compileSource,
  confirmCounterexample,
  type Obligation,
  obligationsOf,
  type TermValue,
} from "@aethel/verifier";

/**
 * Most bytes of the name of an observed value. `VALUES_MAX`: most observed values of a
 * counterexample.
 */
const NAME_BYTES_MAX = 160;

const VALUES_MAX = 512;

const Observed = struct("Observed", {
  /** Name of the observed value, as in `Obligation.observed`. */
  name: boundedBytes(NAME_BYTES_MAX),
  value: union("ObservedValue", {
    integer: struct("ObservedInteger", { negative: boolean, magnitude: bigNatural(16) }),
    boolean: struct("ObservedBoolean", { value: boolean }),
  }),
});

/**
 * Run of an intent that refutes a published source. It consists of the arguments and the state
 * before the run. Its encoding is the field `FalseClaim.counterexample`.
 */
export const EncodedCounterexample = struct("EncodedCounterexample", {
  /**
   * Index of the intent in the source. `obligation`: index among the obligations of that intent.
   */
  intent: natural(2),
  obligation: natural(2),
  /** Observed values, strictly ascending by name. */
  values: list(Observed, VALUES_MAX),
});

export type EncodedCounterexample = Infer<typeof EncodedCounterexample>;

/**
 * Encodes the Judge's counterexample for use in evidence. Returns undefined if plain evaluation
 * does not confirm it, or if it is too large, which the author of a source can bring about.
 */
export function encodeCounterexample(source: Uint8Array, shown: unknown): Uint8Array | undefined {
  const compiled = compileSource(source);
  if (!compiled.ok || !isCounterexample(shown)) return undefined;
  const at = compiled.intents.findIndex(({ name }) => name === shown.intent);
  const intent = compiled.intents[at];
  if (intent === undefined) return undefined;
  const obligation = obligationsOf(intent).findIndex((one) => isAbout(one, shown));
  if (obligation < 0) return undefined;
  const values = [...valuationOf(intent, shown)]
    .map(([name, value]) => ({ name: new TextEncoder().encode(name), value: toObserved(value) }))
    .toSorted((left, right) => compareBytes(left.name, right.name));
  if (values.length > VALUES_MAX || !values.every(hasRoom)) return undefined;
  const encoded = EncodedCounterexample.encode({ intent: at, obligation, values });
  if (encoded.length > COUNTEREXAMPLE_BYTES_MAX) return undefined;
  return refutes(source, encoded) ? encoded : undefined;
}

function hasRoom({ name, value }: Infer<typeof Observed>): boolean {
  const isSmall = value.type === "boolean" || value.magnitude < 1n << 128n;
  return name.length <= NAME_BYTES_MAX && isSmall;
}

/**
 * Whether plain evaluation confirms that an encoded run breaks an obligation (a formula that must
 * hold for every run) of a source. Uses no solver, so all replicas agree. False if the bytes are
 * not the encoding of a run.
 */
export function refutes(source: Uint8Array, encoded: Uint8Array): boolean {
  const run = decoded(encoded);
  const compiled = compileSource(source);
  if (run === undefined || !compiled.ok) return false;
  const intent = compiled.intents[run.intent];
  const obligation = intent === undefined ? undefined : obligationsOf(intent)[run.obligation];
  if (intent === undefined || obligation === undefined) return false;
  // That the guards hold somewhere refutes nothing: it is what that obligation asks for.
  if (obligation.kind === "satisfiable") return false;
  return confirmCounterexample(intent, obligation, valuesOf(run)) !== undefined;
}

function decoded(encoded: Uint8Array): EncodedCounterexample | undefined {
  try {
    const run = EncodedCounterexample.decode(encoded);
    const isAscending = run.values.every(({ name }, at) => {
      const previous = run.values[at - 1];
      return previous === undefined || compareBytes(previous.name, name) < 0;
    });
    return isAscending ? run : undefined;
  } catch {
    return undefined;
  }
}

function valuesOf({ values }: EncodedCounterexample): ReadonlyMap<string, TermValue> {
  const decoder = new TextDecoder();
  return new Map<string, TermValue>(
    values.map(({ name, value }) => [decoder.decode(name), fromObserved(value)]),
  );
}

function fromObserved(value: Infer<typeof Observed>["value"]): TermValue {
  if (value.type === "boolean") return value.value;
  return value.negative ? -value.magnitude : value.magnitude;
}

function toObserved(value: TermValue): Infer<typeof Observed>["value"] {
  if (typeof value === "boolean") return { type: "boolean", value };
  assert(typeof value === "bigint", "an observed value is a number or a truth value");
  const negative = value < 0n;
  return { type: "integer", negative, magnitude: negative ? -value : value };
}

/**
 * Converts a counterexample from the form for display into observed values. The value of an account
 * is its index among the displayed accounts.
 */
function valuationOf(
  intent: CompiledIntent,
  { arguments: given, accounts, supplies = [], sequence }: Counterexample,
): ReadonlyMap<string, TermValue> {
  const values = new Map<string, TermValue>();
  const shown = new Map(given.map((argument) => [argument.name, argument.value]));
  for (const { name, type } of intent.parameters) {
    const value = shown.get(name);
    if (value === undefined) continue;
    if (type === "Bool") values.set(`argument ${name}`, value === "true");
    else if (type !== "Account") values.set(`argument ${name}`, BigInt(value));
    else {
      const at = accounts.findIndex((account) => account.name === value);
      values.set(`argument ${name}`, BigInt(at < 0 ? accounts.length + values.size : at));
      for (const [field, held] of Object.entries(accounts[at]?.before ?? {})) {
        if (held !== undefined) values.set(`${field} ${name}`, BigInt(held));
      }
    }
  }
  for (const { asset, before } of supplies) values.set(`supply ${asset}`, BigInt(before));
  if (sequence !== undefined) values.set("sequence", BigInt(sequence));
  return values;
}

function isAbout(obligation: Obligation, shown: Counterexample): boolean {
  return (
    obligation.kind === shown.kind &&
    obligation.label === shown.label &&
    obligation.span.start.offset === shown.span.start.offset &&
    obligation.span.end.offset === shown.span.end.offset
  );
}

/**
 * Whether a value has the verifier's form of a counterexample. `JudgePort` declares counterexamples
 * as `unknown`.
 */
function isCounterexample(value: unknown): value is Counterexample {
  return (
    typeof value === "object" &&
    value !== null &&
    "intent" in value &&
    "accounts" in value &&
    "sentence" in value
  );
}
