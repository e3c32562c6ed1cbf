import { toHex } from "@aethel/models";
import { floatFormatLeast } from "../../src/theorem/signatures/refused-operators.ts";
import { readCorpus } from "../judge/fixtures.ts";
import { exactClaim } from "./exact-claims.ts";
import { falselyProved } from "./falsely-proved.ts";
import { comparedOperators, floatClaim } from "./float-claims.ts";
import { fuzzCases } from "./fuzz-case.ts";
import type { Gate, GateRow } from "./gate-row.ts";
import { claimOf, historicReports } from "./historic/index.ts";
import { createRandom } from "./random-source.ts";
import { createSolverClient, type SolverAnswer, type SolverClient } from "./solver-client.ts";
import { startCandidate } from "./start-candidate.ts";

/** Units for one script of known truth. */
const patientLimit = 3_000_000;

function open(gate: Gate, limit?: number): SolverClient {
  const patience = { patienceMilliseconds: 60_000 };
  return createSolverClient({
    folder: gate.folder,
    ...patience,
    ...(limit === undefined ? {} : { limit }),
  });
}

/** Public reports of wrong answers: none is answered wrongly, and what changed is listed. */
export async function checkHistoric(gate: Gate): Promise<GateRow> {
  await using client = open(gate, patientLimit);
  const findings: string[] = [];
  let wrong = 0;
  let changed = 0;
  for (const report of historicReports) {
    const { verdict, detail } = await client.ask(claimOf(report));
    const false_ = verdict === (report.truth === "sat" ? "valid" : "refuted");
    if (false_) wrong++;
    else if (verdict !== report.judge) changed++;
    else continue;
    const kind = false_ ? "WRONG" : "changed";
    findings.push(`${kind}: ${report.reports[0]} was ${report.judge}, is ${verdict} ${detail}`);
  }
  return {
    name: "historic reports",
    verdict: wrong === 0 ? "passed" : "failed",
    counts: `${historicReports.length} scripts, ${wrong} wrong, ${changed} judged otherwise`,
    findings,
  };
}

/** Refused operators: each is rejected; where plain Z3 is right by now, a row may go. */
export async function checkRefused(gate: Gate): Promise<GateRow> {
  await using client = open(gate, patientLimit);
  const findings: string[] = [];
  let admitted = 0;
  for (const [operator, reports] of falselyProved) {
    let stillWrong = 0;
    for (const report of reports) {
      if ((await client.ask(claimOf(report))).verdict !== "rejected") admitted++;
      const { verdict } = await client.ask(claimOf(report), { by: "solver" });
      if (verdict === "valid") stillWrong++;
    }
    if (stillWrong === 0) findings.push(`${operator}: plain Z3 no longer proves it falsely`);
  }
  return {
    name: "refused operators",
    verdict: admitted === 0 ? "passed" : "failed",
    counts: `${falselyProved.size} operators, ${admitted} scripts admitted`,
    findings,
  };
}

/** Every admitted operation against its definition, computed without any solver. */
export async function checkExact(gate: Gate): Promise<GateRow> {
  await using client = open(gate, 1_000_000);
  const refused = new Set(["fp.rem", "fp.fma"]);
  const names = comparedOperators.filter((name) => !refused.has(name));
  const formats = [
    floatFormatLeast,
    { exponentBits: 3, significandBits: 5 },
    { exponentBits: 5, significandBits: 11 },
    { exponentBits: 8, significandBits: 24 },
  ];
  const counts = { asked: 0, confirmed: 0 };
  const findings: string[] = [];
  const end = performance.now() + gate.minutes * 20_000;
  for (let index = 0; performance.now() < end; index++) {
    const random = createRandom(gate.seed, index);
    const claim = random.chance(50)
      ? floatClaim(random.pick(names), random.pick(formats), random)
      : exactClaim(random);
    if (claim === undefined) continue;
    const { verdict } = await client.ask(claim.script, { by: "solver" });
    counts.asked++;
    if (verdict === "refuted") counts.confirmed++;
    if (verdict === "valid") findings.push(`${claim.operator} ${claim.style}: ${claim.script}`);
  }
  return {
    name: "exact values",
    verdict: findings.length === 0 ? "passed" : "failed",
    counts: `${counts.asked} claims, ${counts.confirmed} confirmed, ${findings.length} wrong`,
    findings,
  };
}

/** Scripts of others with known status, where they are found. */
export async function checkCorpus(gate: Gate): Promise<GateRow> {
  const rows = readCorpus();
  const name = "corpus";
  if (rows === undefined) {
    return { name, verdict: "skipped", counts: "AETHEL_CORPUS is not set", findings: [] };
  }
  await using client = open(gate, 5_000_000);
  const findings: string[] = [];
  const counts = { unsat: 0, valid: 0, sat: 0, hostile: 0 };
  for (const row of rows) {
    if (row.expected !== "reject" && (row.milliseconds ?? 1e9) > 1_000) continue;
    const payload = row.payload();
    if (payload.type !== "theorem") continue;
    const text = new TextDecoder().decode(payload.script);
    const { verdict } = await client.ask(text);
    if (row.expected === "unsat") counts.unsat++;
    if (row.expected === "unsat" && verdict === "valid") counts.valid++;
    if (row.expected === "sat") counts.sat++;
    if (row.expected === "reject") counts.hostile++;
    const wrong =
      (row.expected === "sat" && verdict === "valid") ||
      (row.expected === "unsat" && verdict === "refuted") ||
      (row.expected === "reject" && verdict !== "rejected" && verdict !== "hung");
    if (wrong) findings.push(`${row.file}: expected ${row.expected}, is ${verdict}`);
  }
  return {
    name,
    verdict: findings.length === 0 ? "passed" : "failed",
    counts: `${counts.valid} of ${counts.unsat} unsat valid, ${counts.sat} sat, ${counts.hostile} hostile`,
    findings,
  };
}

/** Two solvers, opposite orders: the same verdicts and counts; and the same bytes to start from. */
export async function checkDeterminism(gate: Gate): Promise<GateRow> {
  const sample = historicReports.filter((_, at) => at % 3 === 0).map(claimOf);
  const [first, second] = await Promise.all([
    answersOf(gate, sample),
    answersOf(gate, sample.toReversed()),
  ]);
  const findings = sample.flatMap((script) => {
    const [left, right] = [first.get(script), second.get(script)];
    return left?.verdict === right?.verdict && left?.spent === right?.spent
      ? []
      : [`${left?.verdict} ${left?.spent}, ${right?.verdict} ${right?.spent}: ${script}`];
  });
  const digests = await Promise.all(
    [1, 2].map(async () => toHex((await startCandidate(gate.folder)).image("script").digest())),
  );
  if (digests[0] !== digests[1]) findings.push("two instances start from different bytes");
  return {
    name: "determinism",
    verdict: findings.length === 0 ? "passed" : "failed",
    counts: `${sample.length} scripts, twice, in opposite orders`,
    findings,
  };
}

async function answersOf(
  gate: Gate,
  scripts: readonly string[],
): Promise<ReadonlyMap<string, SolverAnswer>> {
  await using client = open(gate, 500_000);
  const answers = new Map<string, SolverAnswer>();
  for (const script of scripts) answers.set(script, await client.ask(script));
  return answers;
}

/** The metamorphic fuzzer, for the minutes that are given. */
export async function checkMetamorphic(gate: Gate): Promise<GateRow> {
  await using client = open(gate, 400_000);
  const run = fuzzCases(client, gate.seed);
  const verdicts = new Map<string, number>();
  const findings: string[] = [];
  const end = performance.now() + gate.minutes * 60_000;
  let cases = 0;
  for (; performance.now() < end; cases++) {
    const { judged, contradictions } = await run(cases);
    for (const { answer } of judged) {
      verdicts.set(answer.verdict, (verdicts.get(answer.verdict) ?? 0) + 1);
    }
    for (const { relation, first, second } of contradictions) {
      const texts = `${first.answer.verdict}:\n${first.script}\n${second.answer.verdict}:\n${second.script}`;
      findings.push(`--seed ${gate.seed} --case ${cases}: ${relation}\n${texts}`);
    }
  }
  const total = [...verdicts.values()].reduce((sum, count) => sum + count, 0);
  const unknown = (100 * (verdicts.get("unknown") ?? 0)) / Math.max(1, total);
  if (unknown >= 5) findings.push(`${unknown.toFixed(1)} % unknown: 5 % is the most`);
  const spread = [...verdicts].map(([verdict, count]) => `${count} ${verdict}`).join(", ");
  return {
    name: "metamorphic",
    verdict: findings.length === 0 ? "passed" : "failed",
    counts: `${cases} cases: ${spread}; ${unknown.toFixed(1)} % unknown`,
    findings,
  };
}
