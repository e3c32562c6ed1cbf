import type { Span } from "../../obligation.ts";
import { Fault } from "../evaluate/fault.ts";
import type { CallRun } from "./call-run.ts";
import type { CompileScope } from "./compile-scope.ts";
import { type Code, fieldIn, inOrder, type Part } from "./part.ts";
import { type RangeCheck, rangeCheckOf } from "./range-check.ts";
import type { Keys, PlaceKind, Slot } from "./slot.ts";

/** Compiled place of the state, as an expression or statement names it. */
export interface CompiledPlace {
  /** Units that the caller counts before `keysOf`. */
  readonly lead: number;
  /** Most units that `keysOf` counts. */
  readonly rest: number;
  /** Evaluates the keys. Throws a fault for a key that is out of the range of its type. */
  readonly keysOf: (run: CallRun) => Keys;
  /** Returns the place with keys that `keysOf` has returned. The first time, it reads the state. */
  readonly slotOf: (run: CallRun, keys: Keys) => Slot;
  /** Number of the place if its keys cannot change in a run. */
  readonly name: number | undefined;
}

/** Compiles a place with the given keys. `span` is the place in the source, for faults. */
export function compilePlace(
  kind: PlaceKind,
  keys: readonly Part[],
  { scope, span }: { readonly scope: CompileScope; readonly span: Span },
): CompiledPlace {
  const { codes, lead, rest } = inOrder(keys, 0);
  const checks = keyChecks(kind, keys, scope);
  const evaluate = evaluatorOf(codes, checks, span);
  const name = scope.nameOf(
    kind,
    keys.map(({ sameAs }) => sameAs),
  );
  if (name === undefined) {
    return { lead, rest, keysOf: evaluate, slotOf: (run, of) => run.reach(kind, of), name };
  }
  return {
    lead,
    rest,
    keysOf: (run) => run.named[name]?.keys ?? evaluate(run),
    slotOf: (run, of) => {
      const known = run.named[name];
      if (known !== undefined) return known;
      const slot = run.reach(kind, of);
      run.named[name] = slot;
      return slot;
    },
    name,
  };
}

const noKeys: Keys = [];

function evaluatorOf(
  codes: readonly Code[],
  checks: readonly (RangeCheck | undefined)[],
  span: Span,
): (run: CallRun) => Keys {
  const [first, second] = codes;
  if (first === undefined) return () => noKeys;
  const evaluate = (run: CallRun): Keys =>
    second === undefined ? [fieldIn(first(run))] : [fieldIn(first(run)), fieldIn(second(run))];
  if (checks.every((check) => check === undefined)) return evaluate;
  return (run) => {
    const keys = evaluate(run);
    keys.forEach((key, at) => {
      if (checks[at]?.(key) !== false) return;
      throw new Fault("key", span, `the key ${String(key)} is out of the range of its type`);
    });
    return keys;
  };
}

function keyChecks(
  kind: PlaceKind,
  keys: readonly Part[],
  scope: CompileScope,
): readonly (RangeCheck | undefined)[] {
  if (kind.type !== "cell") return [];
  const types = scope.map(kind.map).keys;
  return keys.map(({ width }, at) => {
    const type = types[at];
    return type === undefined ? undefined : rangeCheckOf(type, width);
  });
}
