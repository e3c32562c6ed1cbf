import {
  type Argument,
  fromHex,
  toAccountId,
  toAmount,
  toDigest,
  toSignature,
} from "@aethel/models";
import type { NamedValue } from "./arguments.ts";

/** Converts the value of a parameter to an argument of a call. */
export function wireArgument({ parameter, value }: NamedValue): Argument {
  switch (parameter.type.kind) {
    case "account":
      return { type: "account", value: toAccountId(fromHex(String(value))) };
    case "amount":
      return { type: "amount", value: toAmount(BigInt(value)) };
    case "int": {
      const number = BigInt(value);
      const magnitude = number < 0n ? -number : number;
      return { type: "integer", negative: number < 0n, magnitude };
    }
    case "bool":
      return { type: "boolean", value: value === true };
    case "digest":
      return { type: "digest", value: toDigest(fromHex(String(value))) };
    case "signature":
      return { type: "signature", value: toSignature(fromHex(String(value))) };
    case "enum":
      return { type: "word", value: Number(value) };
  }
}
