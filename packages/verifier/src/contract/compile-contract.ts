import { parseSource } from "../language/parse/parse.ts";
import type { Diagnostic } from "../language/syntax/diagnostic.ts";
import { checkContract } from "./check/check-contract.ts";
import type { TypedContract } from "./typed/typed-contract.ts";

/** Result of compiling the source of a contract. */
export type CompileContractResult =
  | { readonly type: "contract"; readonly contract: TypedContract }
  | { readonly type: "faulty"; readonly diagnostics: readonly Diagnostic[] }
  /** Source that has no contract: it declares intents, or cannot be read. */
  | { readonly type: "other" };

/**
 * Parses and checks the source of a contract, and derives its digest. A pure function: any bytes
 * give the same result on every machine.
 */
export function compileContract(source: Uint8Array | string): CompileContractResult {
  const parsed = parseSource(source);
  const item = parsed.ok ? parsed.module.items[0] : undefined;
  if (item?.type !== "contract") return { type: "other" };
  const checked = checkContract(item);
  return checked.ok
    ? { type: "contract", contract: checked.contract }
    : { type: "faulty", diagnostics: checked.diagnostics };
}
