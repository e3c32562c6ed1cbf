import type { ContractView } from "@aethel/ledger";
import { toHex } from "@aethel/models";
import { contractIntentDigest, type TypedContract } from "@aethel/verifier";
import type { ContractBody, ContractInterface } from "./contract-api.ts";
import { typeText } from "./contract-value.ts";

/** Converts the record of a contract to JSON, without its text. */
export function contractBody(view: ContractView): ContractBody {
  const { kernelVersion, certificateHash } = view.certification;
  return {
    digest: toHex(view.digest),
    name: view.name,
    author: toHex(view.author),
    difficulty: view.difficulty,
    judgeVersion: view.judgeVersion,
    languageVersion: view.languageVersion,
    sequence: view.sequence,
    certification: { kernelVersion, certificateHash: toHex(certificateHash) },
  };
}

/** Describes the interface of a contract in JSON. */
export function contractInterface(contract: TypedContract): ContractInterface {
  const { digest, intents, scalars, maps, assets } = contract;
  return {
    intents: intents.map(({ name, parameters }) => ({
      name,
      digest: toHex(contractIntentDigest(digest, name)),
      parameters: parameters.map((one) => ({
        name: one.name,
        type: typeText(one.type),
        signer: one.isSigner,
        optional: one.isOptional,
      })),
    })),
    scalars: scalars.map(({ name, type }) => ({ name, type: typeText(type) })),
    maps: maps.map(({ name, keys, value }) => ({
      name,
      keys: keys.map(typeText),
      value: typeText(value),
    })),
    ...declaredTypes(contract),
    assets: assets.map(({ name, id, isOwn }) => ({ name, id: toHex(id), own: isOwn })),
  };
}

/** Describes the records and enumerations that a contract declares. */
function declaredTypes({
  contract: { members },
}: TypedContract): Pick<ContractInterface, "records" | "enums"> {
  return {
    records: members.flatMap((one) => {
      if (one.type !== "record") return [];
      const fields = one.fields.map(({ name, typeName }) => ({
        name: name.text,
        type: typeName.text,
      }));
      return [{ name: one.name.text, fields }];
    }),
    enums: members.flatMap((one) =>
      one.type === "enum"
        ? [{ name: one.name.text, words: one.words.map(({ text }) => text) }]
        : [],
    ),
  };
}
