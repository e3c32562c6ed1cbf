/**
 * Contracts of the library: what judging one takes, what checking its certificate takes, and how
 * many calls a second the interpreter runs, beside calls of the plain transfer.
 * `npm run bench -- contracts`.
 */
import { readdirSync, readFileSync } from "node:fs";
import {
  demandWork,
  interleave,
  median,
  medianOf,
  printFigure,
  printPlace,
  ratioOf,
  sized,
} from "@aethel/bench";
import { checkIntentCertificate, compileSource, interpretIntent } from "@aethel/verifier";
import { compileContract } from "../src/contract/compile-contract.ts";
import type { ContractCall } from "../src/contract/execution/contract-state.ts";
import { runCall } from "../src/contract/execution/run-call.ts";
import { judgePayload } from "../src/verdicts/judge-payload.ts";
import { createSolverInstance } from "../src/z3/installed/instance.ts";

const milliseconds = (value: number): string => `${value.toFixed(0)} ms`;
const library = new URL("../library/contracts/", import.meta.url);

printPlace("Contracts");
const z3 = await createSolverInstance();
const sources = readdirSync(library)
  .filter((name) => name.endsWith(".ae"))
  .slice(0, sized(64, 2))
  .map((name) => ({ name, source: readFileSync(new URL(name, library)) }));
benchJudging();
await benchCalls();
process.exit();

/** Judges each contract, and checks its certificate. Prints medians and the slowest. */
function benchJudging(): void {
  const judged = sources.map(({ name, source }) => {
    const judge = (): ReturnType<typeof judgePayload> =>
      judgePayload(z3, { type: "publish", source, contracts: true }, 10_000_000);
    const times = repeat(sized(5, 1), judge);
    const judgement = judge();
    if (judgement.type !== "judged" || judgement.certificate === undefined) {
      throw new Error(`${name} is not certified`);
    }
    const { certificate, obligations } = judgement;
    const check = (): void => {
      const { type } = checkIntentCertificate(source, certificate);
      if (type !== "certified") throw new Error(`the certificate of ${name} is refused`);
    };
    const checks = repeat(sized(7, 1), check);
    return {
      name,
      judging: median(times),
      checking: median(checks),
      obligations: obligations.length,
      bytes: certificate.length,
    };
  });
  demandWork("certified contracts", judged.length);
  const slowest = (key: "judging" | "checking"): string =>
    judged.reduce((most, one) => (one[key] > most[key] ? one : most)).name;
  const all = (key: "judging" | "checking" | "obligations" | "bytes"): readonly number[] =>
    judged.map((one) => one[key]);
  const most = (key: "judging" | "checking" | "obligations" | "bytes"): number =>
    Math.max(...all(key));
  printFigure({ name: `contracts of the library`, value: `${judged.length}` });
  printFigure({
    name: "judging one: median",
    value: milliseconds(median(all("judging"))),
    target: "under 2,000 ms",
  });
  printFigure({
    name: `judging one: slowest (${slowest("judging")})`,
    value: milliseconds(most("judging")),
  });
  printFigure({
    name: "checking a certificate: median",
    value: milliseconds(median(all("checking"))),
    target: "under 50 ms",
  });
  printFigure({
    name: `checking a certificate: slowest (${slowest("checking")})`,
    value: milliseconds(most("checking")),
  });
  printFigure({
    name: "obligations: median, most",
    value: `${median(all("obligations"))}, ${most("obligations")}`,
  });
  printFigure({
    name: "bytes of a certificate: median, most",
    value: `${median(all("bytes"))}, ${most("bytes")}`,
  });
}

/** Times a function in processor time: other work on the machine must not count. */
function repeat(rounds: number, work: () => unknown): readonly number[] {
  return Array.from({ length: rounds }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
}

/** Runs calls of the escrow and of the plain transfer in turns, on states in memory. */
async function benchCalls(): Promise<void> {
  const calls = sized(20_000, 100);
  const release = releaseOf();
  const transfer = transferOf();
  const timings = await interleave(
    [
      { name: "release", run: () => times(calls, release) },
      { name: "transfer", run: () => times(calls, transfer) },
    ],
    { rounds: sized(9, 1), budgetMilliseconds: 20_000 },
  );
  const perSecond = (name: "release" | "transfer"): string =>
    `${Math.round((calls / medianOf(timings, name)) * 1000).toLocaleString("en-US")}/s`;
  printFigure({ name: "interpreter: calls of escrow.release", value: perSecond("release") });
  printFigure({ name: "interpreter: calls of the plain transfer", value: perSecond("transfer") });
  printFigure({
    name: "the release takes as long as so many transfers",
    value: `${ratioOf(timings, { slow: "release", fast: "transfer" }).toFixed(1)} x`,
    target: "at most 2 x",
  });
}

function times(count: number, work: () => boolean): void {
  let done = 0;
  for (let at = 0; at < count; at++) if (work()) done += 1;
  demandWork("applied calls", done, count);
}

function releaseOf(): () => boolean {
  const compiled = compileContract(readFileSync(new URL("escrow.ae", library)));
  if (compiled.type !== "contract") throw new Error("the escrow does not compile");
  const { contract } = compiled;
  const intent = contract.intents.find(({ name }) => name === "release");
  if (intent === undefined) throw new Error("the escrow has no release");
  const [payer, payee] = ["1".repeat(64), "2".repeat(64)];
  const deal = contract.maps[0]?.value;
  if (deal?.kind !== "record") throw new Error("the escrow has no deals");
  const cell = deal.fields.map(({ name, type }) => {
    if (type.kind === "account") return name === "payer" ? payer : payee;
    return type.kind === "bool" ? true : 100n;
  });
  const call: ContractCall = {
    arguments: new Map([["id", 7n]]),
    signers: new Set([payer, payee]),
    sequence: 5n,
    now: 50n,
    isSignature: () => false,
    state: {
      holding: () => 1_000n,
      supply: () => 0n,
      vault: () => 1_000n,
      scalar: () => 8n,
      cell: () => cell,
    },
  };
  return () => runCall(contract, intent, call).type === "applied";
}

function transferOf(): () => boolean {
  const compiled = compileSource(
    "intent transfer(signer from: Account, to: Account, amount: Amount) { guard { amount > 0; from.balance >= amount; } effect { from.balance -= amount; to.balance += amount; } verify { true; } }",
  );
  const [intent] = compiled.ok ? compiled.intents : [];
  if (intent === undefined) throw new Error("the transfer does not compile");
  const input = {
    arguments: new Map<string, bigint | string>([
      ["from", "1".repeat(64)],
      ["to", "2".repeat(64)],
      ["amount", 100n],
    ]),
    sequence: 5n,
    read: () => 1_000n,
  };
  return () => interpretIntent(intent, input).type === "applied";
}
