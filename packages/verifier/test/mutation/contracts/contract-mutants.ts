import {
  printContract,
  printContractExpression,
} from "../../../src/language/print/print-contract.ts";
import type {
  Contract,
  ContractClause,
  ContractExpression,
  ContractIntent,
  ContractStatement,
} from "../../../src/language/syntax/contract.ts";
import { expressionVariants, type Kin, type Variant } from "./expression-variants.ts";

/** Wrong variant of a contract: one change in one intent. */
export interface ContractMutant {
  readonly intent: string;
  readonly change: string;
  /** Whether only a guard is changed, so that the variant does the same when it runs. */
  readonly isGuard: boolean;
  readonly source: string;
}

/** Returns every variant of a contract's intents that is one change away, each once, in order. */
export function mutantsOf(contract: Contract): readonly ContractMutant[] {
  const seen = new Set([printContract(contract)]);
  const result: ContractMutant[] = [];
  for (const [at, member] of contract.members.entries()) {
    if (member.type !== "intent") continue;
    for (const { change, value, isGuard } of intentVariants(member, kinOf(contract, member))) {
      const source = printContract({ ...contract, members: contract.members.with(at, value) });
      if (seen.has(source)) continue;
      seen.add(source);
      result.push({ intent: member.name.text, change, isGuard, source });
    }
  }
  return result;
}

/** Returns the parameters and fields of each kind; fields begin with a dot. */
function kinOf(contract: Contract, { parameters }: ContractIntent): Kin {
  // An event changes nothing that is proved: its fields stand in for no others.
  const events = new Set(contract.members.flatMap(eventsOf));
  const records = contract.members.flatMap((one) =>
    one.type === "record" && !events.has(one.name.text) ? [one] : [],
  );
  return ["Account", "Amount", "Int", "Digest"].flatMap((type) => [
    parameters.filter(({ typeName }) => typeName.text === type).map(({ name }) => name.text),
    ...records.map(({ fields }) =>
      fields.filter(({ typeName }) => typeName.text === type).map(({ name }) => `.${name.text}`),
    ),
  ]);
}

function eventsOf(member: Contract["members"][number]): readonly string[] {
  if (member.type !== "intent") return [];
  return member.effect.flatMap((one) => (one.type === "emit" ? [one.event.name.text] : []));
}

type IntentVariant = Variant<ContractIntent> & { readonly isGuard: boolean };

function intentVariants(intent: ContractIntent, kin: Kin): readonly IntentVariant[] {
  const { lets, guard, effect, parameters } = intent;
  const isGuard = true;
  const signers = parameters.flatMap((parameter, at): IntentVariant[] => {
    if (!parameter.modifiers.some(({ kind }) => kind === "signer")) return [];
    const value = { ...intent, parameters: parameters.with(at, { ...parameter, modifiers: [] }) };
    return [{ change: `\`${parameter.name.text}\` need not sign`, value, isGuard: false }];
  });
  const ofLets = lets.flatMap((one, at) =>
    expressionVariants(one.value, kin).map(({ change, value }): IntentVariant => {
      const changed = { ...intent, lets: lets.with(at, { ...one, value }) };
      return { change: `in \`${one.name.text}\`: ${change}`, value: changed, isGuard: false };
    }),
  );
  const ofGuards = guard.flatMap((clause, at): IntentVariant[] => {
    const expression = expressionOf(clause);
    const text = printContractExpression(expression);
    const dropped = { change: `guard \`${text}\` dropped`, isGuard };
    return [
      { ...dropped, value: { ...intent, guard: guard.toSpliced(at, 1) } },
      ...expressionVariants(expression, kin).map(({ change, value }) => ({
        change: `in guard \`${text}\`: ${change}`,
        value: { ...intent, guard: guard.with(at, withExpression(clause, value)) },
        isGuard,
      })),
    ];
  });
  const ofEffects = effect.flatMap((statement, at): IntentVariant[] => {
    if (statement.type === "emit") return [];
    const text = textOf(statement);
    const all = [
      { change: "forgotten", value: effect.toSpliced(at, 1) },
      ...statementVariants(statement, kin).map(({ change, value }) => ({
        change,
        value: effect.with(at, value),
      })),
    ];
    return all.map(({ change, value }) => ({
      change: `\`${text}\`: ${change}`,
      value: { ...intent, effect: value },
      isGuard: false,
    }));
  });
  return [...signers, ...ofLets, ...ofGuards, ...ofEffects];
}

function expressionOf(clause: ContractClause): ContractExpression {
  return clause.type === "let" ? clause.value : clause.expression;
}

function withExpression(clause: ContractClause, value: ContractExpression): ContractClause {
  return clause.type === "let" ? { ...clause, value } : { ...clause, expression: value };
}

function textOf(statement: ContractStatement): string {
  switch (statement.type) {
    case "let":
      return `let ${statement.name.text}`;
    case "assignment":
      return `${printContractExpression(statement.target)} ${statement.operator} ...`;
    case "delete":
      return `delete ${printContractExpression(statement.target)}`;
    case "assert":
      return `assert ${printContractExpression(statement.expression)}`;
    case "emit":
      return `emit ${statement.event.name.text}`;
  }
}

function statementVariants(
  statement: ContractStatement,
  kin: Kin,
): readonly Variant<ContractStatement>[] {
  switch (statement.type) {
    case "let":
      return expressionVariants(statement.value, kin).map(({ change, value }) => ({
        change,
        value: { ...statement, value },
      }));
    case "assignment": {
      const operators = (["+=", "-=", "="] as const).filter((one) => one !== statement.operator);
      return [
        ...operators.map((operator) => ({
          change: `made \`${operator}\``,
          value: { ...statement, operator },
        })),
        ...expressionVariants(statement.target, kin).map(({ change, value }) => ({
          change,
          value: { ...statement, target: value },
        })),
        ...expressionVariants(statement.value, kin).map(({ change, value }) => ({
          change,
          value: { ...statement, value },
        })),
      ];
    }
    default:
      return [];
  }
}
