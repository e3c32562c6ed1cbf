import type { TypedContract } from "../typed/typed-contract.ts";
import { defaultOf, equalValues, isDefault, withField } from "../typed/values.ts";
import type { WholeCell, WholeState } from "../whole-state/whole-state.ts";
import { type Concrete, stateOf } from "./concrete.ts";

/** Greatest number of simpler states that are tried. */
const TRIES_MAX = 200;

/**
 * Simplifies a state and a call: removes signers and cells, gives fields and scalars their first
 * values, and sets stakes to 0. Each step is kept only if `isShown` is true of its result.
 */
export function shrink(
  contract: TypedContract,
  concrete: Concrete,
  isShown: (simpler: Concrete) => boolean,
): Concrete {
  let best = concrete;
  let tries = 0;
  for (const step of stepsOf(contract, concrete)) {
    if (tries === TRIES_MAX) return best;
    const parts = step(best);
    if (parts === undefined) continue;
    tries += 1;
    const simpler = withParts(contract, best, parts);
    if (isShown(simpler)) best = simpler;
  }
  return best;
}

/** Parts of a state and a call that a step replaces. */
interface Parts {
  readonly state?: WholeState;
  readonly holdings?: Concrete["holdings"];
  readonly signers?: ReadonlySet<string>;
}

/** Simplification. Undefined if there is nothing to simplify. */
type Step = (concrete: Concrete) => Parts | undefined;

function* stepsOf(contract: TypedContract, { state, holdings, call }: Concrete): Generator<Step> {
  for (const { name, type, initial } of contract.scalars) {
    yield (one) => withScalar(one.state, name, () => initial);
    if (type.kind !== "record") continue;
    for (const at of type.fields.keys()) {
      yield (one) =>
        withScalar(one.state, name, (value) => withField(value, at, partOf(initial, at)));
    }
  }
  for (const { name, value: type } of contract.maps) {
    for (const key of state.maps.get(name)?.keys() ?? []) {
      yield (one) => withCell(contract, one.state, { map: name, key }, () => defaultOf(type));
      if (type.kind !== "record") continue;
      for (const at of type.fields.keys()) {
        const unset = partOf(defaultOf(type), at);
        yield (one) =>
          withCell(contract, one.state, { map: name, key }, (value) => withField(value, at, unset));
      }
    }
  }
  for (const account of holdings.keys()) {
    yield (one) => {
      const fields = one.holdings.get(account);
      if (fields === undefined || (fields.get("stake") ?? 0n) === 0n) return undefined;
      const simpler = new Map(fields).set("stake", 0n);
      return { holdings: new Map(one.holdings).set(account, simpler) };
    };
  }
  for (const signer of call.signers) {
    yield (one) => ({ signers: new Set([...one.call.signers].filter((who) => who !== signer)) });
  }
}

type Value = WholeCell["value"];

function partOf(value: Value, at: number): bigint | boolean | string {
  const part = typeof value === "object" ? value[at] : value;
  return part ?? 0n;
}

function withScalar(
  state: WholeState,
  name: string,
  change: (value: Value) => Value,
): Parts | undefined {
  const old = state.scalars.get(name);
  const now = old === undefined ? undefined : change(old);
  if (old === undefined || now === undefined || equalValues(old, now)) return undefined;
  return { state: { ...state, scalars: new Map(state.scalars).set(name, now) } };
}

function withCell(
  contract: TypedContract,
  state: WholeState,
  { map, key }: { readonly map: string; readonly key: string },
  change: (value: Value) => Value,
): Parts | undefined {
  const type = contract.maps.find(({ name }) => name === map)?.value;
  const cell = state.maps.get(map)?.get(key);
  if (cell === undefined || type === undefined) return undefined;
  const value = change(cell.value);
  if (equalValues(cell.value, value)) return undefined;
  const cells = new Map(state.maps.get(map));
  if (isDefault(value, type)) cells.delete(key);
  else cells.set(key, { ...cell, value });
  return { state: { ...state, maps: new Map(state.maps).set(map, cells) } };
}

function withParts(contract: TypedContract, concrete: Concrete, parts: Parts): Concrete {
  const { supplies } = concrete;
  const { state = concrete.state, holdings = concrete.holdings } = parts;
  const { signers = concrete.call.signers } = parts;
  const read = stateOf(contract, state, { holdings, supplies });
  const call = { ...concrete.call, signers, state: read };
  return { ...concrete, state, holdings, supplies, call };
}
