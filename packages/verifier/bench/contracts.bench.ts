/**
 * Contracts of the library: what judging one takes, what checking its certificate takes, and how
 * many calls a second the interpreter runs, beside calls of the plain transfer and the same call in
 * `@ethereumjs/vm`. `npm run bench -- contracts`; with `--calls` the calls alone.
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
import { checkIntentCertificate } from "@aethel/verifier";
import { judgePayload } from "../src/verdicts/judge-payload.ts";
import { createSolverInstance } from "../src/z3/installed/instance.ts";
import { type BenchCall, createHolders, releases, swaps, transfers } from "./contract-calls.ts";
import { createEthereumEscrow, type EthereumEscrow } from "./ethereum-escrow.ts";

const milliseconds = (value: number): string => `${value.toFixed(0)} ms`;
const library = new URL("../library/contracts/", import.meta.url);

printPlace("Contracts");
const sources = readdirSync(library)
  .filter((name) => name.endsWith(".ae"))
  .slice(0, sized(64, 2))
  .map((name) => ({ name, source: readFileSync(new URL(name, library)) }));
if (!process.argv.includes("--calls")) await benchJudging();
await benchCalls();
process.exit();

/** Judges each contract, and checks its certificate. Prints medians and the slowest. */
async function benchJudging(): Promise<void> {
  const z3 = await createSolverInstance();
  const judged = sources.map(({ name, source }) => {
    const judge = (): ReturnType<typeof judgePayload> =>
      judgePayload(z3, { type: "publish", source }, 10_000_000);
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

/**
 * Runs calls of two contracts, of the plain transfer, and of the release in code of the Ethereum
 * virtual machine in turns, each from a warm state in memory. Nothing is signed, rooted or stored
 * on a disk. The release that is compared with the other machine writes its changes to the state,
 * as the other one does. The other one's state is smaller, which favours it.
 */
async function benchCalls(): Promise<void> {
  const cells = sized(1_000_000, 1_000);
  const calls = sized(40_000, 100);
  const ethereumCalls = sized(500, 20);
  const holders = createHolders(cells);
  const [caches, maps] = [
    await createEthereumEscrow(ethereumCalls, "caches"),
    await createEthereumEscrow(ethereumCalls, "maps"),
  ];
  const rounds = { release: 0, stored: 0, swap: 0, transfer: 0 };
  const turn = (name: keyof typeof rounds, call: BenchCall) => () => {
    const from = rounds[name]++ * calls;
    // A prime step: consecutive calls touch cells that are far apart in memory.
    times(calls, (at) => call(((from + at) * 7_919) % cells));
  };
  const timings = await interleave(
    [
      { name: "release", run: turn("release", releases(holders, { isStored: false })) },
      { name: "stored", run: turn("stored", releases(holders, { isStored: true })) },
      { name: "swap", run: turn("swap", swaps(holders)) },
      { name: "transfer", run: turn("transfer", transfers(holders)) },
      { name: "caches", run: () => releaseAll(caches, ethereumCalls) },
      { name: "maps", run: () => releaseAll(maps, ethereumCalls) },
    ],
    { rounds: sized(15, 1), budgetMilliseconds: 60_000 },
  );
  const rate = (name: keyof typeof rounds | "caches" | "maps"): string => {
    const count = name === "caches" || name === "maps" ? ethereumCalls : calls;
    return `${Math.round((count / medianOf(timings, name)) * 1000).toLocaleString("en-US")}/s`;
  };
  const place = `, ${cells.toLocaleString("en-US")} cells`;
  printFigure({ name: `calls of escrow.release${place}`, value: rate("release") });
  printFigure({ name: `the same, written to the state`, value: rate("stored") });
  printFigure({ name: `calls of exchange.buy_gold`, value: rate("swap") });
  printFigure({ name: `calls of the plain transfer${place}`, value: rate("transfer") });
  for (const slow of ["release", "swap"] as const) {
    printFigure({
      name: `a ${slow} takes as long as so many transfers`,
      value: `${ratioOf(timings, { slow, fast: "transfer" }).toFixed(1)} x`,
      target: "at most 2 x",
    });
  }
  const deals = ethereumCalls.toLocaleString("en-US");
  const scale = calls / ethereumCalls;
  for (const [slow, on] of [
    ["caches", "@ethereumjs/vm, caches"],
    ["maps", "@ethereumjs/vm, maps"],
  ] as const) {
    printFigure({
      name: `${on}: calls of the same release, ${deals} deals`,
      value: rate(slow),
    });
    printFigure({
      name: `${on}: as long as so many releases, written`,
      value: `${(ratioOf(timings, { slow, fast: "stored" }) * scale).toFixed(1)} x`,
    });
  }
}

function times(count: number, work: BenchCall): void {
  let done = 0;
  for (let at = 0; at < count; at++) if (work(at)) done += 1;
  demandWork("applied calls", done, count);
}

async function releaseAll(escrow: EthereumEscrow, count: number): Promise<void> {
  await escrow.undone(async () => {
    let done = 0;
    for (let id = 0; id < count; id++) if (await escrow.release(id)) done += 1;
    demandWork("released deals", done, count);
  });
}
