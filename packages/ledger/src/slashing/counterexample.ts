import { assert, COUNTEREXAMPLE_BYTES_MAX } from "@aethel/models";
import {
  bigNatural,
  boolean,
  type Infer,
  list,
  natural,
  struct,
  union,
} from "@aethel/models/codec";
import {
  type CompiledIntent,
  type Counterexample,
  compileContract,
  compileSource,
  confirmCounterexample,
  LANGUAGE_LIMITS,
  type Obligation,
  obligationsOf,
  refutesContract,
  type TermValue,
} from "@aethel/verifier";

/** Most arguments of an intent. */
const ARGUMENTS_MAX = LANGUAGE_LIMITS.parameters;

/** Most amounts of one account that an intent can observe: `balance`, `stake`, declared assets. */
const FIELDS_MAX = 2 + LANGUAGE_LIMITS.constants;

/** Most values of the state that an intent can observe: fields, supplies and the sequence. */
const STATE_MAX = ARGUMENTS_MAX * FIELDS_MAX + LANGUAGE_LIMITS.constants + 1;

const EncodedArgument = union("EncodedArgument", {
  integer: struct("IntegerValue", { negative: boolean, magnitude: bigNatural(16) }),
  boolean: struct("BooleanValue", { value: boolean }),
});
type EncodedArgument = Infer<typeof EncodedArgument>;

/**
 * Run of an intent that refutes a published source. It consists of the arguments and the state
 * before the run. Its encoding is the field `FalseClaim.counterexample`.
 *
 * The values have no names: `arguments` and then `state` are the values of `Obligation.observed`,
 * in its order. So the greatest number of values is that of the largest source that compiles, and
 * all of them fit into `COUNTEREXAMPLE_BYTES_MAX`.
 */
export const EncodedCounterexample = struct("EncodedCounterexample", {
  /** Index of the intent in the source. */
  intent: natural(2),
  /** Index among the obligations of that intent. */
  obligation: natural(2),
  /** Values of the parameters. Equal numbers of two account parameters mean one account. */
  arguments: list(EncodedArgument, ARGUMENTS_MAX),
  /** Amounts of the accounts, supplies, and the sequence: what the run can observe. */
  state: list(bigNatural(8), STATE_MAX),
});

export type EncodedCounterexample = Infer<typeof EncodedCounterexample>;

/** Statement of a Judge about a source that it refutes. */
export interface Refuted {
  /** Counterexample of an intent, in the verifier's form for display. */
  readonly counterexample?: unknown;
  /** Encoded run that refutes a contract. */
  readonly refutation?: Uint8Array | undefined;
}

/**
 * Encodes what refutes a source for use in evidence: the Judge's counterexample of an intent, or
 * its encoded run of a contract. Returns undefined if it has not all values that a run of the intent
 * observes, or if plain evaluation does not confirm it.
 */
export function encodeCounterexample(
  source: Uint8Array,
  { counterexample: shown, refutation }: Refuted,
): Uint8Array | undefined {
  if (refutation !== undefined) return refutes(source, refutation) ? refutation : undefined;
  const compiled = compileSource(source);
  if (!compiled.ok || !isCounterexample(shown)) return undefined;
  const at = compiled.intents.findIndex(({ name }) => name === shown.intent);
  const intent = compiled.intents[at];
  if (intent === undefined) return undefined;
  const obligations = obligationsOf(intent);
  const index = obligations.findIndex((one) => isAbout(one, shown));
  const obligation = obligations[index];
  if (obligation === undefined) return undefined;
  const values = inOrder(obligation, valuationOf(intent, shown));
  if (values === undefined) return undefined;
  const count = intent.parameters.length;
  const [given, state] = [values.slice(0, count), values.slice(count)];
  if (!given.every(isArgument) || !state.every(isAmount)) return undefined;
  const run = { intent: at, obligation: index, arguments: given.map(toArgument), state };
  const encoded = EncodedCounterexample.encode(run);
  assert(encoded.length <= COUNTEREXAMPLE_BYTES_MAX, "each counterexample fits into evidence");
  return refutes(source, encoded) ? encoded : undefined;
}

/** Returns the values of a run in the order of `observed`. Undefined if one is missing. */
function inOrder(
  { observed }: Obligation,
  values: ReadonlyMap<string, TermValue>,
): readonly TermValue[] | undefined {
  const found = [...observed.keys()].flatMap((key) => values.get(key) ?? []);
  return found.length === observed.size ? found : undefined;
}

function isArgument(value: TermValue): value is bigint | boolean {
  if (typeof value === "boolean") return true;
  return typeof value === "bigint" && value < 1n << 128n && value > -(1n << 128n);
}

function isAmount(value: TermValue): value is bigint {
  return typeof value === "bigint" && value >= 0n && value < 1n << 64n;
}

/**
 * Whether plain evaluation confirms that an encoded run breaks an obligation (a formula that must
 * hold for every run) of a source, or a statement that must hold of a contract. Uses no solver, so
 * all replicas agree. False if the bytes are not the encoding of a run.
 */
export function refutes(source: Uint8Array, encoded: Uint8Array): boolean {
  const found = compileContract(source);
  if (found.type === "contract") return refutesContract(found.contract, encoded);
  const run = decoded(encoded);
  const compiled = compileSource(source);
  if (run === undefined || !compiled.ok) return false;
  const intent = compiled.intents[run.intent];
  const obligation = intent === undefined ? undefined : obligationsOf(intent)[run.obligation];
  if (intent === undefined || obligation === undefined) return false;
  // That the guards hold somewhere refutes nothing: it is what that obligation asks for.
  if (obligation.kind === "satisfiable") return false;
  const values = valuesOf(run, intent, obligation);
  return values !== undefined && confirmCounterexample(intent, obligation, values) !== undefined;
}

function decoded(encoded: Uint8Array): EncodedCounterexample | undefined {
  try {
    return EncodedCounterexample.decode(encoded);
  } catch {
    return undefined;
  }
}

/** Names the values of a run. Undefined if they are more or fewer than the intent observes. */
function valuesOf(
  { arguments: given, state }: EncodedCounterexample,
  { parameters }: CompiledIntent,
  { observed }: Obligation,
): ReadonlyMap<string, TermValue> | undefined {
  const values = [...given.map(fromArgument), ...state];
  if (given.length !== parameters.length || values.length !== observed.size) return undefined;
  return new Map(
    [...observed.keys()].flatMap((key, at) => {
      const value = values[at];
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

function fromArgument(value: EncodedArgument): TermValue {
  if (value.type === "boolean") return value.value;
  return value.negative ? -value.magnitude : value.magnitude;
}

function toArgument(value: bigint | boolean): EncodedArgument {
  if (typeof value === "boolean") return { type: "boolean", value };
  const negative = value < 0n;
  return { type: "integer", negative, magnitude: negative ? -value : value };
}

/**
 * Converts a counterexample from the form for display into observed values. The value of an account
 * is the number of accounts that are named before it.
 */
function valuationOf(
  intent: CompiledIntent,
  { arguments: given, accounts, supplies = [], sequence }: Counterexample,
): ReadonlyMap<string, TermValue> {
  const values = new Map<string, TermValue>();
  const shown = new Map(given.map((argument) => [argument.name, argument.value]));
  const before = new Map(accounts.map((account) => [account.name, account.before]));
  // `accounts` lacks those of which the intent reads no field.
  const named = [...new Set(given.flatMap(({ type, value }) => (type === "Account" ? value : [])))];
  for (const { name, type } of intent.parameters) {
    const value = shown.get(name);
    if (value === undefined) continue;
    if (type === "Bool") values.set(`argument ${name}`, value === "true");
    else if (type !== "Account") values.set(`argument ${name}`, BigInt(value));
    else {
      values.set(`argument ${name}`, BigInt(named.indexOf(value)));
      for (const [field, held] of Object.entries(before.get(value) ?? {})) {
        if (held !== undefined) values.set(`${field} ${name}`, BigInt(held));
      }
    }
  }
  for (const { asset, before: supply } of supplies) values.set(`supply ${asset}`, BigInt(supply));
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
