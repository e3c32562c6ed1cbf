import { type CallWrites, type RecordType, type TypedIntent, writesOfCall } from "@aethel/verifier";

/** Places of the state that the statements of an intent name, and the events that they emit. */
export interface WriteSet extends CallWrites {
  /** Types of the events, in the order of the statements. A call emits each of them once. */
  readonly events: readonly RecordType[];
}

/** Cache of the write sets of intents. */
const known = new WeakMap<TypedIntent, WriteSet>();

/**
 * Returns the write set of an intent. It is read from the statements, without the interpreter, so
 * that the changes that the interpreter returns can be checked against it.
 */
export function writeSetOf(intent: TypedIntent): WriteSet {
  const found = known.get(intent);
  if (found !== undefined) return found;
  const events = intent.effect.flatMap((statement) =>
    statement.type === "emit" && statement.event.type === "record" ? [statement.event.of] : [],
  );
  const set = { ...writesOfCall(intent), events };
  known.set(intent, set);
  return set;
}
