import { type Digest, sha256 } from "@aethel/models/primitives";
import {
  type CheckedIntent,
  checkModule,
  type TypedParameter,
} from "../../language/check/check.ts";
import { parseSource } from "../../language/parse/parse.ts";
import { printAssets, printBatch, printIntent } from "../../language/print.ts";
import type { DeclaredAsset } from "../../language/syntax/assets.ts";
import type { Diagnostic } from "../../language/syntax/diagnostic.ts";
import type { Intent } from "../../language/syntax/syntax.ts";
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
  /**
   * Canonical text: one for every program, whatever its layout, comments and constants. The assets
   * that it uses are declared in it, so it is a source of its own.
   */
  readonly canonical: string;
  /** SHA-256 of the canonical text in UTF-8: what identifies the intent. */
  readonly digest: Digest;
  /** Declared assets that it reads or writes, in the order of names. */
  readonly assets: readonly DeclaredAsset[];
  /** What it may write. The Judge derives it, the ledger checks it again at execution. */
  readonly writes: readonly Write[];
  /** Whether it writes what only intents of the genesis list may write. */
  readonly privileged: boolean;
}

/**
 * An atomic batch: its members run in their order, each on the state that the one before left, and
 * either all of them apply or nothing changes. Every member is proved for all states, so nothing is
 * left to prove about the whole.
 */
export interface CompiledBatch {
  readonly name: string;
  /** In the order of running. A member is no intent that could be called alone. */
  readonly members: readonly CompiledIntent[];
  /** Of all members, one after the other, named `member.parameter`: what a call has to give. */
  readonly parameters: readonly TypedParameter[];
  /** Canonical text of the declared assets, then of the batch. */
  readonly canonical: string;
  /** SHA-256 of the canonical text in UTF-8: what identifies the batch. */
  readonly digest: Digest;
}

/** The intents of a source, or everything that is wrong with it. */
export type CompileResult =
  | {
      readonly ok: true;
      /** Every intent of the source, members of batches included: all that is to be proved. */
      readonly intents: readonly CompiledIntent[];
      readonly batches: readonly CompiledBatch[];
    }
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
  const intents = checked.intents.map(compileIntent);
  const batches = parsed.module.items
    .filter((item) => item.type === "batch")
    .map(({ name }) => compileBatch(name.text, intents));
  return { ok: true, intents, batches };
}

function compileBatch(name: string, intents: readonly CompiledIntent[]): CompiledBatch {
  const members = intents.filter((intent) => intent.batch === name);
  const assets = new Map(members.flatMap((one) => one.assets.map((asset) => [asset.name, asset])));
  const names = [...assets.keys()].toSorted((left, right) => (left < right ? -1 : 1));
  const declarations = printAssets(names.flatMap((asset) => assets.get(asset) ?? []));
  const text = printBatch(
    name,
    members.map((member) => member.intent),
  );
  const parameters = members.flatMap((member) =>
    member.parameters.map((one) => ({ ...one, name: `${member.name}.${one.name}` })),
  );
  return { name, members, parameters, ...identify(`${declarations}${text}`) };
}

/** A canonical text with its digest. */
function identify(canonical: string): { readonly canonical: string; readonly digest: Digest } {
  return { canonical, digest: sha256(new TextEncoder().encode(canonical)) };
}

function compileIntent(checked: CheckedIntent): CompiledIntent {
  const writes = writeSetOf(checked);
  return {
    ...checked,
    name: checked.intent.name.text,
    // Without the declarations two intents on assets of different issuers would have one name.
    ...identify(`${printAssets(checked.assets)}${printIntent(checked.intent)}`),
    writes,
    privileged: writes.some((write) => write.field === "stake"),
  };
}
