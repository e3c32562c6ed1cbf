import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Judgement, JudgePayload } from "../../src/index.ts";

const repository = new URL("../../../../", import.meta.url);

/** A theorem payload from a text. */
export function theorem(text: string): JudgePayload {
  return { type: "theorem", script: new TextEncoder().encode(text) };
}

/** A payload from a file below the repository's root. */
export function payloadOf(path: string): JudgePayload {
  const bytes = new Uint8Array(readFileSync(new URL(path, repository)));
  if (path.endsWith(".ae")) return { type: "publish", source: bytes };
  return { type: "theorem", script: bytes };
}

/** Parts of a judgement that are equal everywhere: all but the time. */
export function timeless(judgement: Judgement): unknown {
  if (judgement.type === "abstained") return judgement;
  const { milliseconds, ...rest } = judgement;
  void milliseconds;
  return rest;
}

/** Verdict of a judgement, or what else it is. */
export function outcome(judgement: Judgement): string {
  return judgement.type === "judged" ? judgement.verdict : judgement.type;
}

/** One row of the corpus' manifest. */
export interface CorpusFile {
  readonly file: string;
  readonly kind: string;
  readonly expected: string;
  /** Time of Z3 alone; `undefined` when it did not end. */
  readonly milliseconds: number | undefined;
  readonly payload: () => JudgePayload;
}

/** SMT-LIB scripts of known status in the folder that AETHEL_CORPUS names; `undefined` without one. */
export function readCorpus(): readonly CorpusFile[] | undefined {
  const folder = process.env["AETHEL_CORPUS"];
  if (folder === undefined) return undefined;
  const corpus = pathToFileURL(`${resolve(folder)}/`);
  const manifest = new URL("manifest.tsv", corpus);
  if (!existsSync(manifest)) throw new Error(`AETHEL_CORPUS=${folder} has no manifest.tsv`);
  const rows = readFileSync(manifest, "utf8").trim().split("\n").slice(1);
  return rows.map((row) => {
    const columns = row.split("\t");
    const [file = "", kind = "", expected = ""] = columns;
    const ended = !/TIMEOUT|CRASH/.test(columns[7] ?? "");
    return {
      file,
      kind,
      expected,
      milliseconds: ended ? Number(columns[9]) : undefined,
      payload: () => ({
        type: "theorem",
        script: new Uint8Array(readFileSync(new URL(file, corpus))),
      }),
    };
  });
}

/** A permutation that a seed fixes. */
export function shuffled<T>(items: readonly T[], seed: number): readonly T[] {
  const result = [...items];
  let state = seed >>> 0;
  for (let at = result.length - 1; at > 0; at--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = state % (at + 1);
    const item = result[at] as T;
    result[at] = result[other] as T;
    result[other] = item;
  }
  return result;
}

/** A claim that Z3 does not settle within any test's patience, and whose work is not counted. */
export const endless = `(declare-fun f (Int) Int)
  (assert (forall ((n Int)) (! (> (f (f (+ n 1))) (f n)) :pattern ((f n)))))
  (assert (< (f 0) 0))(assert (> (f 1) 1000))(check-sat)`;

/** A claim that holds and takes milliseconds. */
export const quick = "(declare-const p Bool)(assert (and p (not p)))(check-sat)";
