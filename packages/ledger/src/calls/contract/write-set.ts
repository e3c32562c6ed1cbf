import type { Place, RecordType, TypedIntent } from "@aethel/verifier";

/** Places of the state that the statements of an intent name, and the events that they emit. */
export interface WriteSet {
  /** Assets of which the intent stores holdings of accounts. Empty name: the native asset. */
  readonly holdings: ReadonlySet<string>;
  /** Assets of which the intent stores the amount in the vault. Empty name: the native asset. */
  readonly vaults: ReadonlySet<string>;
  readonly supplies: ReadonlySet<string>;
  readonly scalars: ReadonlySet<string>;
  readonly maps: ReadonlySet<string>;
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
  const names: Record<Place["type"], Set<string>> = {
    holding: new Set(),
    vault: new Set(),
    supply: new Set(),
    scalar: new Set(),
    cell: new Set(),
  };
  const events: RecordType[] = [];
  for (const statement of intent.effect) {
    if (statement.type === "store") names[statement.target.type].add(nameOf(statement.target));
    else if (statement.type === "emit" && statement.event.type === "record") {
      events.push(statement.event.of);
    }
  }
  const set = {
    holdings: names.holding,
    vaults: names.vault,
    supplies: names.supply,
    scalars: names.scalar,
    maps: names.cell,
    events,
  };
  known.set(intent, set);
  return set;
}

function nameOf(place: Place): string {
  switch (place.type) {
    case "holding":
    case "vault":
    case "supply":
      return place.asset;
    case "scalar":
      return place.name;
    case "cell":
      return place.map;
  }
}
