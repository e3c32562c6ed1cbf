import { LANGUAGE_LIMITS, SCRIPT_BYTES_MAX } from "@aethel/verifier/certificate";

/** Kind of claim in a file. */
export type FileKind = "publish" | "theorem";

/**
 * Returns the kind of a file by its extension: `.ae` intents, `.smt2` a theorem; undefined for
 * others.
 */
export function kindOf(file: string): FileKind | undefined {
  if (file.endsWith(".ae")) return "publish";
  if (file.endsWith(".smt2")) return "theorem";
  return undefined;
}

/** Returns the most bytes that the Judge accepts for a kind of file. A larger file is not read. */
export function bytesMaxOf(kind: FileKind | undefined): number {
  return kind === "publish" ? LANGUAGE_LIMITS.sourceBytes : SCRIPT_BYTES_MAX;
}
