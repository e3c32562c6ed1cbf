import { createValidatorSet, toAmount, toHex } from "@aethel/models";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Candidate,
  chooseAnchors,
  chooseOutbound,
  chooseRotated,
  createValidatorRecord,
  type OutboundSlot,
  type ValidatorRecord,
} from "../src/index.ts";
import { createDirectory } from "../src/peers/directory.ts";
import { createRecordStore } from "../src/records/record-store.ts";
import { genesis, identity } from "./localnet.ts";

/*
 * A newcomer, 500 hostile identities and nine validators, two of which are hostile too. The choice
 * of peers, the anchors, the rotation and the store of records are those of this package; peers and
 * time are simulated. What the hostile do is drawn, and the worst that is found is searched further.
 */
const HOSTILE = 500;
const VALIDATORS = 9;
const FAULTY = 2;
const SLOTS = 8;
const ROUNDS = 120;
const everyMs = 5;

const members = Array.from({ length: VALIDATORS }, (_, at) => identity(`validator ${at}`));
const set = createValidatorSet(
  members.map(({ id, signer }) => ({ id, key: signer.publicKey, power: toAmount(10n) })),
);

/** How the hostile behave. All numbers are clamped where they are used. */
interface Plan {
  /** Address groups that they have. */
  readonly groups: number;
  /** Peers that tell the newcomer about the others: each is a source. */
  readonly tellers: number;
  /** Whether they fill the address book before the newcomer hears of anybody honest. */
  readonly isFirst: boolean;
  /** Share of the hostile that say they come from the DHT, in percent. */
  readonly fromDht: number;
  /** Share of dials of honest peers that fail because of them, in percent: full or attacked. */
  readonly blocked: number;
  /** Share of the hostile that close the connection at once, to look like churn, in percent. */
  readonly churn: number;
  /** Peers that each hostile validator names in its record. */
  readonly named: number;
  /** Rounds for which hostile sources hold the records of honest validators back. */
  readonly heldBack: number;
  readonly seed: number;
}

const plans: fc.Arbitrary<Plan> = fc.record({
  groups: fc.constantFrom(1, 2, 8, 60, 500),
  tellers: fc.constantFrom(1, 4, 50, 500),
  isFirst: fc.boolean(),
  fromDht: fc.constantFrom(0, 50, 100),
  blocked: fc.constantFrom(0, 30, 60, 80),
  churn: fc.constantFrom(0, 50, 100),
  named: fc.integer({ min: 0, max: 4 }),
  heldBack: fc.integer({ min: 0, max: 20 }),
  seed: fc.nat({ max: 2 ** 31 - 1 }),
});

const groupOf = (address: string) => address.split("/")[2]?.split(".").slice(0, 2).join(".") ?? "";

/** A repeatable stream of numbers from 0 to 1 (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function recordOf(at: number, named: number): ValidatorRecord {
  const who = members[at] ?? identity("none");
  const isFaulty = at < FAULTY;
  const count = isFaulty ? named : 1;
  const entries = Array.from({ length: count }, (_, each) => ({
    peer: isFaulty ? `H${each}${at}`.replaceAll("0", "z") : `V${at}${each}`.replaceAll("0", "z"),
    addresses: [`/ip4/${isFaulty ? 20 + each : 60 + at}.${each + 1}.0.${at}/tcp/1`],
  }));
  const { id, signer } = who;
  return createValidatorRecord({ genesis, validator: id, signer, sequence: 1, entries });
}

const records = new Map<number, readonly ValidatorRecord[]>();
function recordsWith(named: number): readonly ValidatorRecord[] {
  const known = records.get(named) ?? members.map((_, at) => recordOf(at, named));
  records.set(named, known);
  return known;
}

interface Outcome {
  /** Round of the first honest connection. `ROUNDS` if there was none. */
  readonly found: number;
  /** Share of the later rounds with an honest connection. */
  readonly kept: number;
}

/** Runs a newcomer that knows one honest bootstrap peer, which the hostile can block. */
function play(plan: Plan, policy: typeof chooseOutbound = chooseOutbound): Outcome {
  const random = numbers(plan.seed);
  const store = createRecordStore({ genesis, directory: createDirectory(() => set) });
  const hostile: Candidate[] = Array.from({ length: HOSTILE }, (_, at) => ({
    peer: `hostile${at}`,
    address: `/ip4/${100 + ((at % plan.groups) % 100)}.${Math.floor((at % plan.groups) / 100)}.0.${at % 250}/tcp/${at}`,
    source: 100 * random() < plan.fromDht ? "dht" : (`peer teller${at % plan.tellers}` as const),
    score: 0,
  }));
  const bootstrap: Candidate = {
    peer: "seed",
    address: "/ip4/59.1.0.1/tcp/1",
    source: "bootstrap",
    score: 0,
  };
  const isHonest = (peer: string) => peer === "seed" || peer.startsWith("V");
  let connected: (OutboundSlot & { since: number })[] = [];
  let anchors: readonly string[] = [];
  const scores = new Map<string, number>();
  let [found, kept] = [ROUNDS, 0];
  for (let round = 0; round < ROUNDS; round += 1) {
    // Records come over an honest connection at once, and from the hostile when they like.
    const hears = connected.some(({ peer }) => isHonest(peer)) || round >= plan.heldBack;
    const told = recordsWith(plan.named).filter((_, at) => hears || at < FAULTY);
    for (const record of told) store.offer(record);
    const vouched = store.all().flatMap(({ validator, entries }) =>
      entries.flatMap(({ peer, addresses }) =>
        addresses.map(
          (address): Candidate => ({
            peer,
            address,
            source: `record ${toHex(validator)}`,
            score: scores.get(peer) ?? 0,
          }),
        ),
      ),
    );
    const others = plan.isFirst && round < 2 ? [] : [bootstrap];
    const candidates = [...hostile, ...others, ...vouched].map((each) => ({
      ...each,
      score: scores.get(each.peer ?? "") ?? 0,
    }));
    for (const { peer = "", address, source } of policy({
      candidates,
      connected,
      slots: SLOTS,
      groupOf,
      lot: random,
    })) {
      const isBlocked = isHonest(peer) && 100 * random() < plan.blocked;
      scores.set(peer, isBlocked ? -1 : 0);
      if (!isBlocked) connected.push({ peer, address, source, since: round });
    }
    connected = connected.filter(({ peer }) => isHonest(peer) || 100 * random() >= plan.churn / 2);
    const lasting = connected.map((slot) => ({
      ...slot,
      lastedMs: round - slot.since,
      isVouched: slot.source.startsWith("record "),
    }));
    anchors = chooseAnchors({ connected: lasting, anchors, groupOf, count: 2, leastMs: 3 });
    const leaving = chooseRotated({ connected: lasting, anchors, slots: SLOTS, everyMs });
    connected = connected.filter(({ peer }) => peer !== leaving);
    // A failure is forgotten after a while.
    if (round % 4 === 0) scores.clear();
    const reaches = connected.some(({ peer }) => isHonest(peer));
    if (reaches && found === ROUNDS) found = round;
    if (reaches) kept += 1;
  }
  return { found, kept: kept / Math.max(1, ROUNDS - found) };
}

test("a newcomer among 500 hostile identities finds the chain and keeps it, whatever they do", () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const { found, kept } = play(plan);
      expect(found).toBeLessThan(60);
      expect(kept).toBeGreaterThan(0.8);
    }),
    { numRuns: 40, seed: 16 },
  );
});

test("the worst plan that a search finds is still survived", () => {
  const random = numbers(2_016);
  const pick = <T>(...of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  const change = (plan: Plan): Plan => ({
    ...plan,
    seed: Math.floor(random() * 2 ** 31),
    ...pick<Partial<Plan>>(
      { groups: pick(1, 2, 8, 60, 500) },
      { tellers: pick(1, 4, 50, 500) },
      { isFirst: !plan.isFirst },
      { fromDht: pick(0, 50, 100) },
      { blocked: pick(0, 30, 60, 80) },
      { churn: pick(0, 50, 100) },
      { named: pick(0, 1, 2, 3, 4) },
      { heldBack: pick(0, 5, 20) },
    ),
  });
  const harm = ({ found, kept }: Outcome) => found + 100 * (1 - kept);
  let worst: Plan = {
    groups: 500,
    tellers: 500,
    isFirst: true,
    fromDht: 50,
    blocked: 80,
    churn: 0,
    named: 4,
    heldBack: 20,
    seed: 1,
  };
  let most = harm(play(worst));
  for (let step = 0; step < 40; step += 1) {
    const next = change(worst);
    const harmed = harm(play(next));
    if (harmed < most) continue;
    [worst, most] = [next, harmed];
  }
  const { found, kept } = play(worst);

  expect(found, JSON.stringify(worst)).toBeLessThan(60);
  expect(kept, JSON.stringify(worst)).toBeGreaterThan(0.8);
});

test("without slots that are kept for records the same plans eclipse the newcomer", () => {
  // First come, first served: what the rules above are compared with.
  const naive: typeof chooseOutbound = ({ candidates, connected, slots }) =>
    candidates.slice(0, Math.max(0, slots - connected.length));
  const plan: Plan = {
    groups: 500,
    tellers: 500,
    isFirst: true,
    fromDht: 50,
    blocked: 0,
    churn: 0,
    named: 4,
    heldBack: 20,
    seed: 1,
  };

  expect(play(plan, naive).found).toBe(ROUNDS);
  expect(play(plan).found).toBeLessThan(60);
});
