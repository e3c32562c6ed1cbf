import { assert } from "@aethel/models";
import type { ContractParameter, TypedContract } from "@aethel/verifier";
import { growthOfIntent, type IntentGrowth, sureWorkOfIntent } from "../metering/contract-work.ts";
import type { SureWork } from "../metering/least-run.ts";
import { cellBytes } from "../state/contract-codings.ts";
import type { ContractIntentRecord, InterfaceParameter } from "../state/contract-records.ts";

/** Name, parameters and bounds of an intent of a contract. */
export interface ContractInterface extends IntentGrowth {
  readonly kind: "contract";
  /** Name of the contract and of the intent, such as `escrow.open`. */
  readonly name: string;
  readonly parameters: readonly InterfaceParameter[];
  /** Least work of every complete call. */
  readonly sure: SureWork;
}

/** Computes the record of an intent from its compiled contract. Nothing else computes one. */
export function intentRecord(contract: TypedContract, index: number): ContractIntentRecord {
  const intent = contract.intents[index];
  assert(intent !== undefined, "a recorded intent is one of its contract");
  const bytesOf = (name: string): number => {
    const map = contract.maps.find((one) => one.name === name);
    assert(map !== undefined, "a checked map is declared");
    return cellBytes(map);
  };
  const { units: leastUnits, stores } = sureWorkOfIntent(intent);
  assert(stores.length === 0, "the least work of a contract is the same for all arguments");
  return {
    contract: contract.digest,
    index,
    textBytes: utf8(contract.canonical).length,
    name: utf8(`${contract.name}.${intent.name}`),
    parameters: intent.parameters.map(parameterRecord),
    ...growthOfIntent(intent, bytesOf),
    leastUnits,
  };
}

/** Returns a parameter as the record of its intent has it. */
export function parameterRecord(parameter: ContractParameter): InterfaceParameter {
  const { name, type, isSigner, isOptional } = parameter;
  const [typeName, words] = type.kind === "enum" ? [type.name, type.words.length] : ["", 0];
  const texts = { name: utf8(name), typeName: utf8(typeName) };
  return { ...texts, kind: type.kind, words, isSigner, isOptional };
}

/** Returns the interface of an intent from its record. Compiles nothing. */
export function interfaceOfIntent(record: ContractIntentRecord): ContractInterface {
  const { name, parameters, growth, entries, cellBytes: ofCells, leastUnits } = record;
  return {
    kind: "contract",
    name: new TextDecoder().decode(name),
    parameters,
    growth,
    entries,
    cellBytes: ofCells,
    sure: { units: leastUnits, stores: [] },
  };
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
