import { operandsOf } from "./typed/operands-of.ts";
import type { TypedContract } from "./typed/typed-contract.ts";
import type { Typed } from "./typed/typed-expression.ts";
import type { RecordType } from "./typed/value-types.ts";

/**
 * Returns the records of a contract whose signatures its intents check with `signed_message`, each
 * once. An account signs `contractMessage` of the chain, the contract, the record's name and
 * `encodeStored` of its fields.
 *
 * @example
 * ```ts
 * import { contractMessage } from "@aethel/models";
 * import { encodeStored, messagesOf } from "@aethel/verifier";
 *
 * const type = messagesOf(contract).find(({ name }) => name === "Receipt");
 * const bytes = encodeStored([channel, earned], type);
 * const message = { genesis, contract: contract.digest, record: type.name, bytes };
 * const signature = signer.sign(contractMessage(message));
 * ```
 */
export function messagesOf(contract: TypedContract): readonly RecordType[] {
  const found = new Map<string, RecordType>();
  const visit = (typed: Typed): void => {
    if (typed.type === "signed-message") found.set(typed.of.name, typed.of);
    for (const operand of operandsOf(typed)) visit(operand);
  };
  for (const { lets, guard, effect } of contract.intents) {
    for (const clause of [...lets, ...guard]) {
      visit(clause.type === "let" ? clause.value : clause.condition);
    }
    for (const statement of effect) {
      if (statement.type === "let" || statement.type === "store") visit(statement.value);
      if (statement.type === "emit") visit(statement.event);
      if (statement.type !== "store") continue;
      const { target } = statement;
      if (target.type === "holding") visit(target.account);
      if (target.type === "cell") for (const key of target.keys) visit(key);
    }
  }
  return [...found.values()];
}
