import type { TypedContract } from "@aethel/verifier";
import { typeText } from "../api/contract-value.ts";

/** Describes the state of a contract, each scalar and map on a line: `deals: map[Int] Deal`. */
export function stateLines({ scalars, maps }: TypedContract): readonly string[] {
  return [
    ...scalars.map(({ name, type }) => `${name}: ${typeText(type)}`),
    ...maps.map(({ name, keys, value, promise }) => {
      const kind = promise === undefined ? "" : `${promise.kind} `;
      const types = keys.map((type) => `[${typeText(type)}]`).join("");
      return `${kind}${name}: map${types} ${typeText(value)}`;
    }),
  ];
}
