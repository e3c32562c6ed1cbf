import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Candidate,
  type CandidateSource,
  chooseAnchors,
  chooseOutbound,
  chooseRotated,
  type OutboundSlot,
} from "../src/index.ts";

const groupOf = (address: string) =>
  address.split("/").slice(2, 3).join().split(".").slice(0, 2).join(".");
const lots = fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true }));
const sources: fc.Arbitrary<CandidateSource> = fc.oneof(
  fc.constantFrom<CandidateSource>("anchor", "bootstrap", "dns", "mdns", "dht"),
  fc.nat({ max: 6 }).map((name) => `record v${name}` as const),
  fc.nat({ max: 6 }).map((name) => `peer p${name}` as const),
);
const candidates: fc.Arbitrary<readonly Candidate[]> = fc.array(
  fc.record({
    peer: fc.nat({ max: 200 }).map((name) => `peer${name}`),
    address: fc
      .tuple(fc.nat({ max: 5 }), fc.nat({ max: 255 }), fc.nat({ max: 3 }))
      .map(([group, host, port]) => `/ip4/10.${group}.0.${host}/tcp/${port}`),
    source: sources,
    score: fc.integer({ min: -2, max: 2 }),
  }),
  { maxLength: 60 },
);
const cases = fc.record({ candidates, slots: fc.integer({ min: 1, max: 12 }), draws: lots });
const isKept = (source: CandidateSource) => /^(anchor|bootstrap|record )/.test(source);

function choose(
  {
    candidates: all,
    slots,
    draws,
  }: { candidates: readonly Candidate[]; slots: number; draws: Iterable<number> },
  connected: readonly OutboundSlot[] = [],
) {
  const drawn = draws[Symbol.iterator]();
  const lot = () => drawn.next().value as number;
  return chooseOutbound({ candidates: all, connected, slots, groupOf, lot });
}

describe("outbound slots", () => {
  test("strangers never take more than half of the slots, nor two of three in one group or source", () => {
    fc.assert(
      fc.property(cases, (each) => {
        const chosen = choose(each);
        expect(chosen.length).toBeLessThanOrEqual(each.slots);
        const strangers = chosen.filter(({ source }) => !isKept(source));
        expect(strangers.length).toBeLessThanOrEqual(Math.floor(each.slots / 2));
        for (const of of [
          ({ address }: Candidate) => groupOf(address),
          ({ source }: Candidate) => source,
        ]) {
          for (const same of Map.groupBy(strangers, of).values())
            expect(same.length).toBeLessThanOrEqual(2);
        }
        const peers = chosen.map(({ peer }) => peer);
        expect(new Set(peers).size).toBe(peers.length);
      }),
    );
  });

  test("a kept slot is never left empty while a kept candidate that did not fail could take it", () => {
    fc.assert(
      fc.property(cases, (each) => {
        const chosen = choose(each);
        if (chosen.length === each.slots) return;
        const perRecord = Map.groupBy(chosen, ({ source }) => source);
        for (const left of each.candidates.filter(({ source }) => isKept(source))) {
          const isTaken = chosen.some(
            ({ peer, address }) => peer === left.peer || address === left.address,
          );
          const isFull =
            left.source.startsWith("record ") && (perRecord.get(left.source)?.length ?? 0) >= 2;
          expect(isTaken || isFull).toBe(true);
        }
      }),
    );
  });

  test("strangers that came first leave the kept half to records that come later", () => {
    fc.assert(
      fc.property(cases, candidates, (each, later) => {
        const first = choose({
          ...each,
          candidates: each.candidates.filter(({ source }) => !isKept(source)),
        });
        const connected = first.map(({ peer = "", address, source }) => ({
          peer,
          address,
          source,
        }));
        const records = later.filter(({ source }) => source.startsWith("record "));
        const fresh = records.filter(
          ({ peer, address }) =>
            !connected.some((slot) => slot.peer === peer || slot.address === address),
        );
        const second = choose({ ...each, candidates: records }, connected);
        if (fresh.length > 0) expect(second.length).toBeGreaterThan(0);
      }),
    );
  });

  test("a validator that names four peers is drawn no more often than one that names one", () => {
    const named = Array.from({ length: 30 }, (_, at) =>
      Array.from({ length: at < 10 ? 4 : 1 }, (_unused, each): Candidate => {
        const address = `/ip4/10.${at}.${each}.1/tcp/1`;
        return { peer: `v${at}-${each}`, address, source: `record v${at}`, score: 0 };
      }),
    ).flat();
    let state = 7;
    const lot = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return ((state ^ (state >>> 16)) >>> 0) / 2 ** 32;
    };
    let allHostile = 0;
    for (let draw = 0; draw < 2_000; draw += 1) {
      const chosen = chooseOutbound({ candidates: named, connected: [], slots: 4, groupOf, lot });
      if (chosen.every(({ source }) => Number(source.slice("record v".length)) < 10))
        allHostile += 1;
    }

    // Drawn fairly it is 0.77 % of them; by the number of peers it would be over 15 %.
    expect(allHostile).toBeLessThan(60);
  });

  test("anchors are of different groups, old ones stay, and none is younger than it must be", () => {
    const held = fc.array(
      fc.record({
        peer: fc.nat({ max: 30 }).map((name) => `peer${name}`),
        address: fc.nat({ max: 5 }).map((group) => `/ip4/10.${group}.0.1/tcp/1`),
        lastedMs: fc.nat({ max: 1_000 }),
        isVouched: fc.boolean(),
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(held, fc.array(fc.nat({ max: 30 }), { maxLength: 4 }), (connected, old) => {
        const anchors = old.map((name) => `peer${name}`);
        const chosen = chooseAnchors({ connected, anchors, groupOf, count: 4, leastMs: 500 });
        expect(chosen.length).toBeLessThanOrEqual(4);
        const groups = chosen.map((peer) =>
          connected.filter((one) => one.peer === peer).map((one) => groupOf(one.address)),
        );
        expect(new Set(chosen).size).toBe(chosen.length);
        expect(groups.length).toBe(chosen.length);
        for (const peer of chosen) {
          const lasted = connected
            .filter((one) => one.peer === peer)
            .map(({ lastedMs }) => lastedMs);
          expect(anchors.includes(peer) || Math.max(...lasted) >= 500).toBe(true);
        }
        const present = connected.filter(({ peer }) => anchors.includes(peer));
        if (present.length > 0) expect(chosen.some((peer) => anchors.includes(peer))).toBe(true);
      }),
    );
  });

  test("no connection but an anchor keeps its slot for ever", () => {
    const connected = ["a", "b", "c"].map((peer, at) => ({
      peer,
      address: `/ip4/10.${at}.0.1/tcp/1`,
      lastedMs: 1_000 * (at + 1),
      isVouched: true,
    }));
    expect(chooseRotated({ connected, anchors: ["c"], slots: 3, everyMs: 1_500 })).toBe("b");
    expect(chooseRotated({ connected, anchors: ["c"], slots: 4, everyMs: 1_500 })).toBeUndefined();
    expect(
      chooseRotated({ connected, anchors: ["b", "c"], slots: 3, everyMs: 1_500 }),
    ).toBeUndefined();
  });
});
