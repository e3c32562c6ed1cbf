import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { compileSource, type JudgePayload, obligationsOf, standardIntents } from "@aethel/verifier";
import { obligationText } from "./obligation-text.ts";

const encoder = new TextEncoder();
let salt = 0;

/** The standard library as payloads that no cache knows: each with a comment of its own. */
export function freshIntents(): readonly JudgePayload[] {
  return standardIntents().map(({ source, privileged }) => ({
    type: "publish",
    source: encoder.encode(`${source}\n# ${salt++}\n`),
    privileged,
  }));
}

/** The same work as scripts: every obligation of the standard library. */
export function intentScripts(): readonly string[] {
  return standardIntents().flatMap(({ source, privileged }) => {
    const compiled = compileSource(source, { privileged });
    return compiled.ok ? compiled.intents.flatMap(obligationsOf).map(obligationText) : [];
  });
}

/** A theorem with its text, as others judge it. */
export interface TheoremFile {
  readonly path: string;
  readonly text: string;
  /**
   * Time of Z3 alone on the machine on which the corpus was made. The bench selects files by it.
   */
  readonly milliseconds: number;
}

/** A payload that no cache knows. */
export function freshTheorem(file: TheoremFile): JudgePayload {
  return { type: "theorem", script: encoder.encode(`${file.text}\n; ${salt++}\n`) };
}

/** Unsatisfiable scripts in the folder that AETHEL_CORPUS names; `undefined` without one. */
export function theoremFiles(): readonly TheoremFile[] | undefined {
  const folder = process.env["AETHEL_CORPUS"];
  if (folder === undefined) return undefined;
  const corpus = pathToFileURL(`${resolve(folder)}/`);
  const rows = readFileSync(new URL("manifest.tsv", corpus), "utf8").trim().split("\n").slice(1);
  return rows.flatMap((row) => {
    const columns = row.split("\t");
    const [file = "", kind, expected] = columns;
    if (kind !== "unsat" || expected !== "unsat" || columns[7] !== "unsat") return [];
    const url = new URL(file, corpus);
    const text = readFileSync(url, "utf8");
    return [{ path: url.pathname, text, milliseconds: Number(columns[9]) }];
  });
}
