import { type Digest, sha256 } from "@aethel/models";
import { type CheckedIntent, checkModule, type TypedParameter } from "../language/check.ts";
import type { Diagnostic } from "../language/diagnostic.ts";
import { parseSource } from "../language/parse.ts";
import { printIntent } from "../language/print.ts";
import type { Intent } from "../language/syntax.ts";
import { type Write, writeSetOf } from "./write-set.ts";

/** How a source is compiled. */
export interface CompileOptions {
  /** Whether the source is on the genesis list, and so may write stake. Default: no. */
  readonly privileged?: boolean;
}

/** A program that is well formed and typed. Nothing is proved about it yet. */
export interface CompiledIntent extends CheckedIntent {
  readonly name: string;
  readonly parameters: readonly TypedParameter[];
  /** The syntax tree, with constants replaced by their values. */
  readonly intent: Intent;
  /** Canonical text: one for every program, whatever its layout, comments and constants. */
  readonly canonical: string;
  /** SHA-256 of the canonical text in UTF-8: what identifies the intent. */
  readonly digest: Digest;
  /** What it may write. The Judge derives it, the ledger checks it again at execution. */
  readonly writes: readonly Write[];
  /** Whether it writes what only intents of the genesis list may write. */
  readonly privileged: boolean;
}

export type CompileResult =
  | { readonly ok: true; readonly intents: readonly CompiledIntent[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * Reads, checks and identifies the intents of a source. Pure and total: any bytes give intents or
 * diagnostics, the same ones on every machine.
 */
export function compileSource(
  source: Uint8Array | string,
  options: CompileOptions = {},
): CompileResult {
  const parsed = parseSource(source);
  if (!parsed.ok) return parsed;
  const checked = checkModule(parsed.module, { privileged: options.privileged ?? false });
  if (!checked.ok) return checked;
  return { ok: true, intents: checked.intents.map(compileIntent) };
}

function compileIntent(checked: CheckedIntent): CompiledIntent {
  const canonical = printIntent(checked.intent);
  const writes = writeSetOf(checked);
  return {
    ...checked,
    name: checked.intent.name.text,
    canonical,
    digest: sha256(new TextEncoder().encode(canonical)),
    writes,
    privileged: writes.some((write) => write.field === "stake"),
  };
}
