import type { Judgement, JudgePayload, JudgePort } from "@aethel/ledger";
import {
  concatBytes,
  fromHex,
  type Resource,
  sha256,
  toDifficulty,
  toHex,
  toResource,
  type Verdict,
} from "@aethel/models";
import type { Counterexample } from "@aethel/verifier";

/** What a Judge once said of a payload under a limit. */
export interface TableRow {
  /** `payloadKey` of payload and limit, in hex. */
  readonly key: string;
  readonly verdict: Verdict;
  /** Basis of a `valid`. */
  readonly trust?: "certified" | "solver";
  /** Certificate, in hex: worlds store what a real chain stores. */
  readonly certificate?: string;
  readonly difficulty: number;
  readonly resource: number;
  /** Of a refuted publish: the run that evidence against its voters is made of. */
  readonly counterexample?: Counterexample;
}

/** Names a payload together with the limit: the verdict is a function of both. */
export function payloadKey(payload: JudgePayload, resourceLimit: Resource): string {
  const bytes = payload.type === "theorem" ? payload.script : payload.source;
  const privileged = payload.type === "publish" && payload.privileged === true;
  const head = new TextEncoder().encode(`${payload.type} ${privileged} ${resourceLimit}\n`);
  return toHex(sha256(concatBytes(head, bytes)));
}

/**
 * A Judge that looks verdicts up, at once and without threads, so that worlds stay deterministic.
 * What the table does not have it abstains from; it never guesses.
 */
export function createTableJudge(rows: readonly TableRow[]): JudgePort {
  const table = new Map(rows.map((row) => [row.key, judgementOf(row)]));
  return {
    check: async (payload, { resourceLimit }) =>
      table.get(payloadKey(payload, resourceLimit)) ?? {
        type: "abstained",
        reason: "the table has no verdict for it",
      },
  };
}

function judgementOf(row: TableRow): Judgement {
  const { verdict, trust, certificate, difficulty, resource, counterexample } = row;
  return {
    type: "judged",
    verdict,
    trust,
    certificate: certificate === undefined ? undefined : fromHex(certificate),
    difficulty: toDifficulty(difficulty),
    resource: toResource(resource),
    milliseconds: 0,
    ...(verdict === "valid" ? {} : { reason: `the Judge said ${verdict}` }),
    ...(counterexample === undefined ? {} : { counterexample }),
  };
}
