import { parseSource } from "../../../src/language/parse/parse.ts";
import { printModule } from "../../../src/language/print/print.ts";
import type { Contract, ContractIntent } from "../../../src/language/syntax/contract.ts";

/** Chooses a number below `count`. */
export type Pick = (count: number) => number;

/**
 * Returns a source with one small change: a guard or a statement less, `+=` for `-=`, or the name of
 * another parameter of the same type. Undefined if nothing can be changed there.
 */
export function mutated(source: string, pick: Pick): string | undefined {
  const parsed = parseSource(source);
  const item = parsed.ok ? parsed.module.items[0] : undefined;
  if (item?.type !== "contract") return undefined;
  const intents = item.members.filter((one) => one.type === "intent");
  const intent = intents[pick(intents.length)];
  const changed = intent === undefined ? undefined : changedIntent(intent, pick);
  if (intent === undefined || changed === undefined) return undefined;
  const members = item.members.map((one) => (one === intent ? changed : one));
  const contract: Contract = { ...item, members };
  return printModule({ items: [contract] });
}

function changedIntent(intent: ContractIntent, pick: Pick): ContractIntent | undefined {
  const { guard, effect, parameters } = intent;
  switch (pick(5)) {
    case 0:
      return guard.length === 0 ? undefined : { ...intent, guard: without(guard, pick) };
    case 1:
      return effect.length < 2 ? undefined : { ...intent, effect: without(effect, pick) };
    case 2: {
      const at = pick(effect.length);
      const statement = effect[at];
      if (statement?.type !== "assignment" || statement.operator === "=") return undefined;
      const operator = statement.operator === "+=" ? "-=" : "+=";
      return { ...intent, effect: effect.with(at, { ...statement, operator }) };
    }
    case 3: {
      const at = pick(effect.length);
      const statement = effect[at];
      if (statement === undefined) return undefined;
      return { ...intent, effect: effect.toSpliced(pick(effect.length + 1), 0, statement) };
    }
    default: {
      const from = parameters[pick(parameters.length)];
      const same = parameters.filter(
        (one) => one !== from && one.typeName.text === from?.typeName.text,
      );
      const to = same[pick(same.length)];
      if (from === undefined || to === undefined) return undefined;
      const at = pick(effect.length);
      const statement = effect[at];
      if (statement === undefined) return undefined;
      return {
        ...intent,
        effect: effect.with(at, renamed(statement, from.name.text, to.name.text)),
      };
    }
  }
}

function without<One>(list: readonly One[], pick: Pick): readonly One[] {
  return list.toSpliced(pick(list.length), 1);
}

/** Returns a tree with one name replaced by another. */
function renamed<Tree>(tree: Tree, from: string, to: string): Tree {
  const text = JSON.stringify(tree, (_key, value: unknown) => {
    if (typeof value === "bigint") return { big: value.toString() };
    const isName =
      typeof value === "object" && value !== null && "type" in value && value.type === "name";
    return isName && "name" in value && value.name === from ? { ...value, name: to } : value;
  });
  return JSON.parse(text, (_key, value: unknown) => {
    const isBig = typeof value === "object" && value !== null && "big" in value;
    return isBig ? BigInt(String(value.big)) : value;
  });
}
