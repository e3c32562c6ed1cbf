import { LANGUAGE_LIMITS, SCRIPT_BYTES_MAX } from "@aethel/verifier/certificate";

/** Claim of a file, by its name's end. */
export type FileKind = "publish" | "theorem";

/** `.ae`: intents to publish; `.smt2`: a theorem; anything else is not for the Judge. */
export function kindOf(file: string): FileKind | undefined {
  if (file.endsWith(".ae")) return "publish";
  if (file.endsWith(".smt2")) return "theorem";
  return undefined;
}

/** Most bytes that the Judge takes: a larger file needs not be read. */
export function bytesMaxOf(kind: FileKind | undefined): number {
  return kind === "publish" ? LANGUAGE_LIMITS.sourceBytes : SCRIPT_BYTES_MAX;
}
