/**
 * Our transport beside what one would take instead: libp2p with gossipsub and nothing else, and, as
 * the floor, frames on plain TCP. `npm run bench -- p2p`; about a minute on a quiet machine.
 *
 * All is between processes on loopback, by the clock: it says what the code costs, not what a network
 * does, and with more nodes than cores, or on a busy machine, mostly who waits for a core. Then read
 * the ratios, and no p99. Ours decodes and bounds every message; the others look at five bytes of it.
 */
import { fork } from "node:child_process";
import {
  interleave,
  medianOf,
  printFigure,
  printPlace,
  ratioOf,
  type Subject,
  sized,
  type Timings,
} from "@aethel/bench";
import { createNet, type Net } from "./net.ts";
import { NODE_KINDS, type NodeKind, type Note } from "./nodes/bench-node.ts";

const VOTES = sized(200, 3);
const PROOFS = sized(500, 5);
const ROUNDS = 12;
const BUDGET_MS = 5_000;
/** Error of the heap of a process, for each of its connections. */
const NOISE_KIB = 20;
const NAMES: Readonly<Record<NodeKind, string>> = {
  aethel: "aethel",
  gossipsub: "gossipsub alone",
  tcp: "plain TCP",
};

printPlace("Peer-to-peer: processes on loopback");
{
  await using net = await createNet(2, PROOFS);
  await benchVotes(net);
  await benchProofs(net);
}
for (const count of sized([4, 8], [3])) {
  await using net = await createNet(count, PROOFS);
  await benchBlocks(net, count);
}
for (const kind of sized<readonly NodeKind[]>(NODE_KINDS, ["aethel"])) await benchMemory(kind);

/**
 * Measures half of the way from the sender to a handler that answers, and back, one vote at a time.
 */
async function benchVotes(net: Net): Promise<void> {
  const taken = new Map<NodeKind, number[]>(NODE_KINDS.map((kind) => [kind, []]));
  let next = 1;
  const timings = await side(async (kind, isWarm) => {
    for (let vote = 0; vote < VOTES; vote++) {
      const id = next++;
      const begun = performance.now();
      await net.exchange(kind, { notes: [{ kind: "vote", id }], ackId: id, acks: 1 });
      if (isWarm) taken.get(kind)?.push((performance.now() - begun) / 2);
    }
  });
  for (const kind of NODE_KINDS) {
    const sorted = (taken.get(kind) ?? []).toSorted((left, right) => left - right);
    const at = (share: number): string =>
      (sorted[Math.floor(share * sorted.length)] ?? 0).toFixed(3);
    const name = `vote, handler to handler, ms, p50 and p99: ${NAMES[kind]}`;
    printFigure({ name, value: `${at(0.5)}, ${at(0.99)}` });
  }
  printRatios("vote", timings);
}

/** Measures proofs published one by one, until the handler of the other process has had all. */
async function benchProofs(net: Net): Promise<void> {
  const sent = new Map<NodeKind, number>();
  const timings = await side(async (kind) => {
    const batch = (sent.get(kind) ?? 0) + 1;
    sent.set(kind, batch);
    const notes = Array.from(
      { length: PROOFS },
      (_, at): Note => ({ kind: "proof", id: (batch - 1) * PROOFS + at }),
    );
    await net.exchange(kind, { notes, ackId: batch, acks: 1 });
  });
  for (const kind of NODE_KINDS) {
    const rate = (PROOFS * 1_000) / medianOf(timings, kind);
    const name = `gossiped proofs of ~500 bytes a second: ${NAMES[kind]}`;
    printFigure({ name, value: Math.round(rate).toLocaleString("en") });
  }
  printRatios("gossip", timings);
}

/** Measures from the broadcast of a block to the last of the answers. */
async function benchBlocks(net: Net, count: number): Promise<void> {
  let next = 1;
  const timings = await side(async (kind) => {
    const id = next++;
    await net.exchange(kind, { notes: [{ kind: "block", id }], ackId: id, acks: count - 1 });
  });
  for (const kind of NODE_KINDS) {
    const name = `block of 1 MB to ${count - 1} others, ms: ${NAMES[kind]}`;
    printFigure({ name, value: medianOf(timings, kind).toFixed(1) });
  }
  printRatios(`block, ${count} nodes`, timings);
}

async function benchMemory(kind: NodeKind): Promise<void> {
  const child = fork(new URL("./memory-child.ts", import.meta.url), ["hub", kind], {
    execArgv: [...process.execArgv, "--expose-gc"],
  });
  const bytes = await new Promise<number>((resolve, reject) => {
    child.on("message", (value) => resolve(Number(value)));
    child.once("exit", (code) => reject(new Error(`no figure, exit code ${code}`)));
  });
  const name = `memory of a connection, heap and buffers, KiB: ${NAMES[kind]}`;
  const kib = bytes / 1_024;
  printFigure({ name, value: kib < NOISE_KIB ? `below ${NOISE_KIB}` : kib.toFixed(0) });
}

/** Measures all kinds in turns; the first round of each warms up. */
async function side(
  run: (kind: NodeKind, isWarm: boolean) => Promise<void>,
): Promise<Timings<NodeKind>> {
  const warm = new Set<NodeKind>();
  const subjects = NODE_KINDS.map(
    (kind): Subject<NodeKind> => ({
      name: kind,
      run: async () => {
        await run(kind, warm.has(kind));
        warm.add(kind);
      },
    }),
  );
  return await interleave(subjects, { rounds: ROUNDS, budgetMilliseconds: BUDGET_MS });
}

function printRatios(what: string, timings: Timings<NodeKind>): void {
  for (const other of ["gossipsub", "tcp"] as const) {
    const ratio = ratioOf(timings, { slow: "aethel", fast: other });
    const name = `  ${what}: time of aethel, in those of ${NAMES[other]}`;
    printFigure({ name, value: ratio.toFixed(2) });
  }
}
