import { everywhere, IDEAL, type LinkConditions, split } from "../wires/conditions.ts";
import { createNetwork, type Network } from "../wires/network.ts";
import { type Meter, measure, startMeter } from "./meter.ts";

/** One measurement of the lab by itself, with the bounds that it must be in. */
export interface WireCheck {
  readonly name: string;
  readonly measured: number;
  readonly from: number;
  readonly to: number;
}

interface Bench {
  readonly network: Network;
  readonly meters: readonly Meter[];
}

const PINGS = 15;
const DATAGRAMS = 5_000;
const CARRIED_BYTES = 2_000_000;
const MBIT = 1_000_000;
/** Above what a busy machine adds to the least of some round trips. */
const SLACK_MS = 60;
/** Above what a busy machine takes for anything. */
const LATE_MS = 5_000;

/** Measures what the wires of a lab of two hosts do, beside what they are told to do. */
export async function checkWires(seed: number): Promise<readonly WireCheck[]> {
  const network = await createNetwork({ count: 2, seed });
  const meters = await Promise.all(network.hosts.map(startMeter));
  const bench: Bench = { network, meters };
  return [
    ...(await checkDelays(bench)),
    ...(await checkLoss(bench)),
    ...(await checkCut(bench)),
    ...(await checkRate(bench)),
    ...(await checkMove(bench)),
  ];
}

async function checkDelays({ network }: Bench): Promise<readonly WireCheck[]> {
  const checks: WireCheck[] = [];
  for (const oneWayMs of [0, 5, 50, 150]) {
    await network.apply(everywhere({ delayMs: oneWayMs }));
    const { connectMs = Number.NaN, roundTripsMs = [] } = await ping(network, PINGS);
    const bounds = { from: 2 * oneWayMs - 2, to: 2 * oneWayMs + SLACK_MS };
    const name = `${oneWayMs} ms each way`;
    checks.push({
      name: `${name}: least round trip, ms`,
      measured: Math.min(...roundTripsMs),
      ...bounds,
    });
    checks.push({ name: `${name}: connecting, ms`, measured: connectMs, ...bounds, to: LATE_MS });
  }
  await network.apply(oneDirection({ delayMs: 50 }));
  const { roundTripsMs = [] } = await ping(network, PINGS);
  const bounds = { from: 48, to: 50 + SLACK_MS };
  checks.push({
    name: "50 ms one way only: least round trip, ms",
    measured: Math.min(...roundTripsMs),
    ...bounds,
  });
  return checks;
}

/** Loses a fifth in one direction: 4,000 of 5,000, of which 6.5 standard deviations are 184. */
async function checkLoss({ network, meters }: Bench): Promise<readonly WireCheck[]> {
  await network.apply(oneDirection({ lossShare: 0.2 }));
  const [first, second] = network.hosts;
  if (first === undefined || second === undefined) return [];
  const before = await Promise.all(meters.map((meter) => meter.datagrams()));
  await measure(first, "datagrams", { address: network.address(2), amount: DATAGRAMS });
  await measure(second, "datagrams", { address: network.address(1), amount: DATAGRAMS });
  await pause(500);
  const after = await Promise.all(meters.map((meter) => meter.datagrams()));
  const [back = 0, forth = 0] = after.map((count, at) => count - (before[at] ?? 0));
  const lossy = { from: DATAGRAMS * 0.8 - 184, to: DATAGRAMS * 0.8 + 184 };
  return [
    { name: `20 % lost: came of ${DATAGRAMS} datagrams`, measured: forth, ...lossy },
    { name: "back, where none is lost", measured: back, from: DATAGRAMS, to: DATAGRAMS },
  ];
}

async function checkCut({ network }: Bench): Promise<readonly WireCheck[]> {
  await network.apply(split(IDEAL, [[1], [2]]));
  const cut = await ping(network, 1);
  await network.apply(IDEAL);
  const healed = await ping(network, 1);
  const no = { from: 0, to: 0 };
  return [
    { name: "cut: connections", measured: Number(cut.error === undefined), ...no },
    { name: "healed: connections", measured: Number(healed.error === undefined), from: 1, to: 1 },
  ];
}

/** The bytes come back, so both directions of both hosts are limited. */
async function checkRate({ network }: Bench): Promise<readonly WireCheck[]> {
  await network.apply({ ...IDEAL, bitsPerSecond: 10 * MBIT });
  const [first] = network.hosts;
  if (first === undefined) return [];
  const before = await network.bytesCarried();
  const to = { address: network.address(2), amount: CARRIED_BYTES };
  const { ms = Number.NaN } = await measure(first, "carry", to);
  const counted = (await network.bytesCarried()) - before;
  const rate = (CARRIED_BYTES * 8) / (ms / 1_000) / MBIT;
  await network.apply(IDEAL);
  const least = 2 * CARRIED_BYTES;
  return [
    { name: "10 Mbit/s: rate, Mbit/s", measured: rate, from: 1, to: 10.2 },
    {
      name: "bytes counted for 2 MB there and back",
      measured: counted,
      from: least,
      to: 1.2 * least,
    },
  ];
}

async function checkMove({ network }: Bench): Promise<readonly WireCheck[]> {
  const old = network.address(2);
  await network.moveHost(2);
  const [first] = network.hosts;
  if (first === undefined) return [];
  const there = await measure(first, "ping", { address: network.address(2), amount: 1 });
  const gone = await measure(first, "ping", { address: old, amount: 1 });
  return [
    {
      name: "moved: answers at the new address",
      measured: Number(there.error === undefined),
      from: 1,
      to: 1,
    },
    {
      name: "moved: answers at the old address",
      measured: Number(gone.error === undefined),
      from: 0,
      to: 0,
    },
  ];
}

const oneDirection = (link: LinkConditions): { between: (from: number) => LinkConditions } => ({
  between: (from) => (from === 1 ? link : {}),
});

async function ping(network: Network, count: number): ReturnType<typeof measure> {
  const [first] = network.hosts;
  if (first === undefined) throw new RangeError("the network has no host");
  return await measure(first, "ping", { address: network.address(2), amount: count });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
