import { DivisionByZero } from "../../language/evaluate.ts";
import { Fault } from "../evaluate/fault.ts";
import { literalsOf } from "../typed/operands-of.ts";
import type { TypedContract, TypedExit } from "../typed/typed-contract.ts";
import type { Typed } from "../typed/typed-expression.ts";
import type { ContractValue, FieldValue, ScalarType } from "../typed/value-types.ts";
import { isOfType, none } from "../typed/values.ts";
import { evaluateWhole, type WholeWorld } from "./evaluate-rules.ts";
import { cellKey, type WholeState } from "./whole-state.ts";

/** Value that may depend on a key in a way that is not decided. */
type Known<Value> = Value | undefined;

/** Greatest number of keys that are tried. */
const KEYS_MAX = 4_096;

/**
 * Searches a state for a late claim: an exit that owes something too late, for keys at which its
 * map has no cell. There are too many such keys to try them all. So representatives are tried: the
 * keys that occur in the state or in the exit, and some that occur in neither. They stand for all
 * others, since a key only selects cells and is compared for equality. If a key is used in another
 * way, as a number, that part of the condition is not decided and counts as possibly true. Returns
 * the times of the first late claim. Times that are not decided are undefined.
 */
export function lateAbsentClaim(
  exit: TypedExit,
  world: WholeWorld,
): { readonly due: Known<bigint>; readonly most: Known<bigint> } | undefined {
  const { contract, now: state, spend } = world;
  const { forEach, after, within, keeping } = exit;
  if (forEach === undefined || after === undefined || within === undefined) return undefined;
  const lists = forEach.binders.map(({ type }, at) =>
    keysOfType(type, { contract, exit, state, at, spend }),
  );
  const total = lists.reduce((product, list) => product * list.length, 1);
  if (total > KEYS_MAX) return { due: undefined, most: undefined };
  const numbers = new Set(
    forEach.binders.filter(({ type }) => isNumber(type)).map(({ name }) => name),
  );
  const names = new Set(forEach.binders.map(({ name }) => name));
  const present = state.maps.get(forEach.map);
  for (const keys of combinations(lists)) {
    spend?.(1);
    if (present?.has(cellKey(keys)) === true) continue;
    const locals = new Map<string, ContractValue>();
    forEach.binders.forEach(({ name }, at) => {
      const key = keys[at];
      if (key !== undefined) locals.set(name, key);
    });
    const value = (typed: Typed): Known<ContractValue> => {
      if (!isDecided(typed, { names, numbers, spend })) return undefined;
      return valueOf(() => evaluateWhole(typed, world, locals));
    };
    const number = (typed: Typed): Known<bigint> => {
      const own = value(typed);
      return typeof own === "bigint" ? own : undefined;
    };
    if (truthOf(exit.condition, value) === false) continue;
    const amount = keeping === undefined ? undefined : number(keeping.amount);
    if (amount !== undefined && amount <= 0n) continue;
    const [due, most] = [number(after), number(within)];
    if (due === undefined || most === undefined || due > most) return { due, most };
  }
  return undefined;
}

/** Returns the value of an expression; undefined if it has none. */
function valueOf(evaluate: () => ContractValue): Known<ContractValue> {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof DivisionByZero || error instanceof Fault) return undefined;
    throw error;
  }
}

/** Evaluates a condition of which some parts may not be decided. */
function truthOf(typed: Typed, value: (typed: Typed) => Known<ContractValue>): Known<boolean> {
  if (typed.type === "not") {
    const operand = truthOf(typed.operand, value);
    return operand === undefined ? undefined : !operand;
  }
  if (typed.type === "binary" && ["&&", "||", "=>"].includes(typed.operator)) {
    const left = truthOf(typed.left, value);
    // With this value the left operand alone decides.
    const isDecisive = left === (typed.operator === "||");
    if (isDecisive) return typed.operator !== "&&";
    const right = truthOf(typed.right, value);
    if (left !== undefined) return right;
    const strong = typed.operator !== "&&";
    return right === strong ? strong : undefined;
  }
  const own = value(typed);
  return typeof own === "boolean" ? own : undefined;
}

/**
 * Whether the tried keys decide an expression. They do if it uses keys only to select cells. Keys
 * that are not numbers may be compared too.
 */
function isDecided(
  typed: Typed,
  of: {
    readonly names: ReadonlySet<string>;
    readonly numbers: ReadonlySet<string>;
    readonly spend: WholeWorld["spend"];
  },
): boolean {
  of.spend?.(1);
  switch (typed.type) {
    case "local":
      return !of.numbers.has(typed.name);
    case "cell":
    case "has":
      return typed.keys.every((key) => key.type === "local" || isDecided(key, of));
    case "sha256":
      return isDecided(typed.operand, { ...of, numbers: of.names });
    case "negate":
    case "not":
      return isDecided(typed.operand, of);
    case "binary":
      return isDecided(typed.left, of) && isDecided(typed.right, of);
    case "if":
      return [typed.condition, typed.consequent, typed.alternative].every((part) =>
        isDecided(part, of),
      );
    case "call":
      return typed.operands.every((part) => isDecided(part, of));
    case "project":
      return isDecided(typed.record, of);
    case "record":
      return typed.fields.every((part) => isDecided(part, of));
    case "literal":
    case "scalar":
    case "vault":
    case "supply":
      return true;
    default:
      return false;
  }
}

function isNumber(type: ScalarType): boolean {
  return type.kind === "amount" || type.kind === "int";
}

/** Returns representatives of all values of a key. `at` keeps those of two keys apart. */
function keysOfType(
  type: ScalarType,
  of: {
    readonly contract: TypedContract;
    readonly exit: TypedExit;
    readonly state: WholeState;
    readonly at: number;
    readonly spend: WholeWorld["spend"];
  },
): readonly FieldValue[] {
  if (type.kind === "enum") return type.words.map((_word, at) => BigInt(at));
  const found = new Set<FieldValue>();
  const add = (value: ContractValue): void => {
    for (const part of typeof value === "object" ? value : [value]) {
      if (isOfType(part, type)) found.add(part);
    }
  };
  for (const value of of.state.scalars.values()) add(value);
  for (const cells of of.state.maps.values()) {
    of.spend?.(cells.size);
    for (const { keys, value } of cells.values()) {
      for (const key of keys) add(key);
      add(value);
    }
  }
  const { condition, after, within, keeping } = of.exit;
  const read = [condition, after, within, keeping?.amount].flatMap((part) => part ?? []);
  for (const value of literalsOf(read)) add(value);
  return [...found, ...freshOf(type, found, of.at)];
}

/** Returns two values of a type that are not among the given ones. */
function freshOf(
  type: ScalarType,
  known: ReadonlySet<FieldValue>,
  skip: number,
): readonly FieldValue[] {
  const fresh: FieldValue[] = isNumber(type) || known.has(none) ? [] : [none];
  let left = skip;
  for (let number = 1n; ; number++) {
    const value = isNumber(type) ? number : number.toString(16).padStart(64, "0");
    if (known.has(value)) continue;
    if (left === 0) return [...fresh, value];
    left -= 1;
  }
}

function* combinations(
  lists: readonly (readonly FieldValue[])[],
): Generator<readonly FieldValue[]> {
  const [first = [], second] = lists;
  for (const one of first) {
    if (second === undefined) yield [one];
    else for (const other of second) yield [one, other];
  }
}
