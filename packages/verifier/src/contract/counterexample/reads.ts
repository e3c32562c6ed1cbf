import { evaluateTyped } from "../evaluate/evaluate-typed.ts";
import { ContractRun } from "../execution/contract-run.ts";
import { attempt, clauseHolds, runStatement } from "../execution/run-call.ts";
import { typeOf } from "../typed/type-of.ts";
import type { TypedContract, TypedIntent } from "../typed/typed-contract.ts";
import type { Typed } from "../typed/typed-expression.ts";
import type { ContractValue, FieldValue, ValueType } from "../typed/value-types.ts";
import type { Concrete } from "./concrete.ts";

/** Values of `let`s that a call computed, and cells that it read, before it ended. */
export interface Reads {
  /** `let`s that were reached, in their order. */
  readonly lets: readonly {
    readonly name: string;
    readonly type: ValueType;
    readonly value: ContractValue;
  }[];
  /** Cells that were read, each once. */
  readonly cells: readonly { readonly map: string; readonly keys: readonly FieldValue[] }[];
}

/** Runs a call again, and returns its `let`s and the cells that it read until it ended. */
export function readsOf(
  contract: TypedContract,
  intent: TypedIntent,
  { call }: Pick<Concrete, "call">,
): Reads {
  const cells = new Map<string, Reads["cells"][number]>();
  const lets: Reads["lets"][number][] = [];
  const state = {
    ...call.state,
    cell: (map: string, keys: readonly FieldValue[]) => {
      cells.set(`${map} ${keys.map(String).join(" ")}`, { map, keys });
      return call.state.cell(map, keys);
    },
  };
  const run = new ContractRun(contract, { ...call, state });
  const note = (name: string, typed: Typed): void => {
    const value = evaluateTyped(typed, run.environment);
    run.bind(name, value);
    lets.push({ name, type: storedType(typeOf(typed)), value });
  };
  attempt(run, intent.span, () => {
    for (const clause of [...intent.lets, ...intent.guard]) {
      if (clause.type === "let") note(clause.name, clause.value);
      else if (!clauseHolds(run, clause)) {
        return { type: "guard-false", span: clause.span, units: run.units };
      }
    }
    for (const statement of intent.effect) {
      if (statement.type === "let") note(statement.name, statement.value);
      else runStatement(run, statement);
    }
    return undefined;
  });
  return { lets, cells: [...cells.values()] };
}

function storedType(type: ReturnType<typeof typeOf>): ValueType {
  switch (type.kind) {
    case "record":
    case "enum":
      return type;
    case "number":
      return { kind: "int" };
    case "signature":
      return { kind: "digest" };
    default:
      return { kind: type.kind };
  }
}
