import { assert } from "@aethel/models/primitives";
import {
  add,
  and,
  atMost,
  choose,
  equal,
  implies,
  integer,
  less,
  not,
  or,
  select,
  subtract,
  symbol,
} from "../../intent/build-term.ts";
import type { Binary, BinaryOperator, Call } from "../../language/syntax/syntax.ts";
import type { Span } from "../../obligation.ts";
import type { Term } from "../../term.ts";
import type { TypedContract, TypedMap } from "../typed/typed-contract.ts";
import type { StateRead, Typed } from "../typed/typed-expression.ts";
import type { ExpressionType, RecordType } from "../typed/value-types.ts";
import { type SumTable, sumKey } from "./sums.ts";
import {
  cellAt,
  chooseParts,
  holdingKey,
  lookUp,
  partsOf,
  type SymbolicState,
  type Terms,
} from "./symbolic-state.ts";
import {
  isLiteralInRange,
  isPresent,
  noneTerm,
  rangeOf,
  rangeOfScalar,
  valueTerm,
} from "./type-terms.ts";

/** Context in which an expression is encoded. */
export interface Encoding {
  readonly contract: TypedContract;
  readonly sums: SumTable;
  readonly locals: ReadonlyMap<string, Terms>;
  readonly before: SymbolicState;
  readonly now: SymbolicState;
  /** Receiver of each account whose holdings are read, and of each cell that is read. */
  readonly touch: Touch;
}

/** Receiver of the places that a run reads or stores. */
export interface Touch {
  readonly account: (account: Term, asset: string) => void;
  readonly cell: (map: string, keys: Terms) => void;
  /**
   * Receives the first key of the row over which a sum runs. `sum` is the index of the sum in
   * `SumTable`.
   */
  readonly row: (sum: number, key: Term) => void;
  /**
   * Receives each message whose signature is checked, with the formula that the signature is valid.
   */
  readonly message: (message: SymbolicMessage) => void;
  /** Receives each value that is hashed. */
  readonly hash: (hash: SymbolicHash) => void;
}

/** Value that is hashed, as terms, with its hash. */
export interface SymbolicHash {
  readonly type: ExpressionType;
  readonly parts: Terms;
  readonly digest: Term;
}

/** Record whose signature is checked, as terms. */
export interface SymbolicMessage {
  readonly account: Term;
  readonly type: RecordType;
  readonly record: Terms;
  readonly signature: Term;
  readonly isValid: Term;
}

/** Condition under which an expression has a value, such as a divisor that is not zero. */
export interface DefinedCheck {
  readonly label: string;
  readonly span: Span;
  /**
   * Conditions of the enclosing branches, outermost first. The check matters only if all of them
   * hold.
   */
  readonly path: readonly Term[];
  readonly goal: Term;
}

/** Terms of an expression, and the checks under which it has a value, in order of evaluation. */
export interface EncodedTyped {
  readonly terms: Terms;
  readonly checks: readonly DefinedCheck[];
}

/** Symbol for the height of the block that executes the call. */
export const sequenceTerm: Term = symbol(".sequence", "integer");
/** Symbol for the time of the call: whole seconds of the parent block's timestamp. */
export const nowTerm: Term = symbol(".now", "integer");

/** Set of the accounts that signed, as an array from account to truth value. */
export const signersTerm: Term = symbol(".signers", {
  type: "array",
  index: "integer",
  element: "boolean",
});

/** Returns the formula that an account is among the signers. `none` never is. */
export function signedTerm(account: Term): Term {
  return and(not(equal(account, noneTerm)), select(signersTerm, account));
}

/** Encodes an expression as terms that mean the same as its evaluation. */
export function encodeTyped(typed: Typed, encoding: Encoding): EncodedTyped {
  const checks: DefinedCheck[] = [];
  const terms = encode(typed, { encoding, path: [], checks });
  return { terms, checks };
}

interface Walk {
  readonly encoding: Encoding;
  readonly path: readonly Term[];
  readonly checks: DefinedCheck[];
}

/** Encodes an expression that is no record. */
function one(typed: Typed, walk: Walk): Term {
  const [term] = encode(typed, walk);
  assert(term !== undefined, "an expression has a value");
  return term;
}

function encode(typed: Typed, walk: Walk): Terms {
  switch (typed.type) {
    case "literal":
      return [valueTerm(typed.value)];
    case "local":
      return lookUp(walk.encoding.locals, typed.name);
    case "sequence":
      return [sequenceTerm];
    case "now":
      return [nowTerm];
    case "negate":
      return [subtract(integer(0n), one(typed.operand, walk))];
    case "not":
      return [not(one(typed.operand, walk))];
    case "if": {
      const condition = one(typed.condition, walk);
      const then = encode(typed.consequent, within(walk, condition));
      const otherwise = encode(typed.alternative, within(walk, not(condition)));
      return chooseParts(condition, then, otherwise);
    }
    case "call":
      return [encodeCall(typed, walk)];
    case "binary":
      return [encodeBinary(typed, walk)];
    case "project": {
      const part = encode(typed.record, walk)[typed.at];
      assert(part !== undefined, "a checked field is declared");
      return [part];
    }
    case "record":
      return typed.fields.map((field) => one(field, walk));
    case "signed":
      return [signedTerm(one(typed.account, walk))];
    case "signed-message": {
      const account = one(typed.account, walk);
      const record = encode(typed.record, walk);
      const signature = one(typed.signature, walk);
      demandHashable(typed.of, record, { walk, span: typed.span });
      const isValid: Term = {
        type: "apply",
        name: `.signed_message.${typed.of.name}`,
        operands: [account, ...record, signature],
        sort: "boolean",
      };
      const message = { account, type: typed.of, record, signature, isValid };
      walk.encoding.touch.message(message);
      return [and(not(equal(account, noneTerm)), isValid)];
    }
    case "sha256": {
      const operands = encode(typed.operand, walk);
      demandHashable(typed.of, operands, { walk, span: typed.span });
      const { of } = typed;
      // No name of a source has a dot.
      const name = of.kind === "record" ? `record.${of.name}` : of.kind;
      const digest: Term = {
        type: "apply",
        name: `.sha256.${name}`,
        operands,
        sort: "integer",
      };
      walk.encoding.touch.hash({ type: of, parts: operands, digest });
      return [digest];
    }
    default:
      return encodeRead(typed, walk);
  }
}

function encodeRead(read: StateRead, walk: Walk): Terms {
  const { encoding } = walk;
  const state = read.isOld ? encoding.before : encoding.now;
  switch (read.type) {
    case "holding": {
      const account = one(read.account, walk);
      encoding.touch.account(account, read.asset);
      const key = holdingKey(read.field, read.asset);
      return [select(lookUp(state.holdings, key), account)];
    }
    case "supply":
      return [lookUp(state.supplies, read.asset)];
    case "vault":
      return [lookUp(state.vaults, read.asset)];
    case "scalar":
      return lookUp(state.scalars, read.name);
    case "cell":
    case "has": {
      const map = mapNamed(encoding.contract, read.map);
      const keys = encodeKeys(read, map, walk);
      const parts = cellAt(state, read.map, keys);
      return read.type === "cell" ? parts : [isPresent(map.value, parts)];
    }
    case "sum": {
      const key = sumKey(read);
      const at = encoding.sums.entries.findIndex((entry) => entry.key === key);
      const sum = state.sums[at];
      assert(sum !== undefined, "a sum of a checked contract is in the table");
      if (read.row === undefined) return [sum];
      const row = one(read.row, walk);
      encoding.touch.row(at, row);
      return [select(sum, row)];
    }
  }
}

/** Encodes the keys of a cell, and adds a check that each is in the range of its type. */
function encodeKeys(
  {
    map: name,
    keys,
    span,
  }: { readonly map: string; readonly keys: readonly Typed[]; readonly span: Span },
  map: TypedMap,
  walk: Walk,
): Terms {
  const terms = keys.map((key) => one(key, walk));
  terms.forEach((term, at) => {
    const type = map.keys[at];
    const goal = type === undefined ? undefined : rangeOfScalar(type, term);
    if (goal === undefined || isLiteralInRange(type, term)) return;
    const label = `the key of \`${name}\` is in the range of its type`;
    walk.checks.push({ label, span, path: walk.path, goal });
  });
  walk.encoding.touch.cell(name, terms);
  return terms;
}

/** Returns the declared map of this name. */
export function mapNamed(contract: TypedContract, name: string): TypedMap {
  const map = contract.maps.find((one) => one.name === name);
  assert(map !== undefined, "a checked map is declared");
  return map;
}

function demandHashable(
  type: ExpressionType,
  parts: Terms,
  { walk, span }: { readonly walk: Walk; readonly span: Span },
): void {
  const types =
    type.kind === "record" ? partsOf(type) : [{ kind: type.kind === "number" ? "int" : "" }];
  parts.forEach((part, at) => {
    const own = types[at];
    const goal = own === undefined ? undefined : rangeOf(own, part);
    if (goal === undefined) return;
    const label = "a number that is hashed is in the range of its type";
    walk.checks.push({ label, span, path: walk.path, goal });
  });
}

function encodeCall(call: Call<Typed>, walk: Walk): Term {
  const terms = call.operands.map((operand) => one(operand, walk));
  const [first = integer(0n), second = integer(0n)] = terms;
  switch (call.callee) {
    case "min":
      return choose(atMost(first, second), first, second);
    case "max":
      return choose(atMost(second, first), first, second);
    case "abs":
      return choose(less(first, integer(0n)), subtract(integer(0n), first), first);
  }
}

function encodeBinary(typed: Binary<Typed>, walk: Walk): Term {
  const { operator } = typed;
  if (operator === "==" || operator === "!=") {
    const left = encode(typed.left, walk);
    const right = encode(typed.right, walk);
    const parts = left.map((part, at) => {
      const other = right[at];
      assert(other !== undefined, "both sides are of one type");
      return equal(part, other);
    });
    return operator === "==" ? and(...parts) : not(and(...parts));
  }
  const left = one(typed.left, walk);
  const right = one(typed.right, rightWalk(operator, left, walk));
  switch (operator) {
    case "+":
      return add(left, right);
    case "-":
      return subtract(left, right);
    case "*":
      return { type: "arithmetic", operator: "multiply", operands: [left, right] };
    case "/":
      demandDivisor(typed, right, walk);
      return { type: "arithmetic", operator: "divide", operands: [left, right] };
    case "%":
      demandDivisor(typed, right, walk);
      return { type: "arithmetic", operator: "modulo", operands: [left, right] };
    case "<":
      return less(left, right);
    case "<=":
      return atMost(left, right);
    case ">":
      return less(right, left);
    case ">=":
      return atMost(right, left);
    case "&&":
      return and(left, right);
    case "||":
      return or(left, right);
    case "=>":
      return implies(left, right);
  }
}

function rightWalk(operator: BinaryOperator, left: Term, walk: Walk): Walk {
  if (operator === "&&" || operator === "=>") return within(walk, left);
  return operator === "||" ? within(walk, not(left)) : walk;
}

function within(walk: Walk, condition: Term): Walk {
  return { ...walk, path: [...walk.path, condition] };
}

function demandDivisor(typed: Binary<Typed>, divisor: Term, walk: Walk): void {
  if (divisor.type === "integer" && divisor.value !== 0n) return;
  const goal = not(equal(divisor, integer(0n)));
  walk.checks.push({ label: "the divisor is not zero", span: typed.span, path: walk.path, goal });
}
