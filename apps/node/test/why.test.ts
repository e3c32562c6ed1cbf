import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Finding } from "../src/health/finding.ts";
import type { ConsensusSituation, Situation, StakeRecord } from "../src/health/situation.ts";
import { createWatch } from "../src/health/watch.ts";
import { whyNothingIsFinal } from "../src/health/why.ts";

const id = (at: number): string => `${at}`.repeat(64).slice(0, 64);
const NOW = 1_800_000_000_000;
const consensus: ConsensusSituation = {
  view: 0,
  leader: id(1),
  running: true,
  quiet: undefined,
  signsFrom: undefined,
  behind: undefined,
  joining: undefined,
  headAheadMs: 0,
  clockDoubted: false,
  disk: undefined,
  noVerdict: undefined,
  listening: undefined,
};
const well: Situation = {
  role: "validator",
  nowMs: NOW,
  genesisMs: NOW - 1_000_000,
  head: { sequence: 10, timestampMs: NOW - 100_000 },
  consensus,
  hasWork: false,
  proofs: 0,
  quietMs: 500,
  patienceMs: 10_000,
  peers: 3,
  members: [0, 1, 2, 3].map((at) => ({
    id: id(at),
    power: 100n,
    connected: true,
    self: at === 0,
  })),
  untimelyMs: [],
  untimelySinceFinal: 0,
  seeking: undefined,
};
const codes = (situation: Situation): readonly string[] =>
  whyNothingIsFinal(situation).map(({ code }) => code);
const say = (about: Partial<Situation>): string =>
  whyNothingIsFinal({ ...well, ...about })
    .map(({ message, next }) => `${message}. Next: ${next}.`)
    .join("\n");
const consensusWith = (about: Partial<ConsensusSituation>): Partial<Situation> => ({
  consensus: { ...consensus, ...about },
});

describe("why nothing becomes final", () => {
  test("a node that is well, busy or idle, has nothing to say", () => {
    expect(codes(well)).toEqual([]);
    expect(codes({ ...well, hasWork: true })).toEqual([]);
    const long = { head: { sequence: 10, timestampMs: NOW - 2e9 }, quietMs: 1e9 };
    expect(codes({ ...well, ...long })).toEqual([]);
  });

  test("no quorum is said exactly while those in reach have two thirds of the power or less", () => {
    const powers = fc.array(fc.record({ power: fc.bigInt(1n, 50n), connected: fc.boolean() }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(powers, (others) => {
        const members = [
          { id: id(0), power: 7n, connected: true, self: true },
          ...others.map((other, at) => ({ ...other, id: id(at + 1), self: false })),
        ];
        const total = members.reduce((sum, { power }) => sum + Number(power), 0);
        const here = members
          .filter(({ connected }) => connected)
          .reduce((sum, { power }) => sum + Number(power), 0);

        const isShort = here <= (total * 2) / 3;
        const isSaid = (about: Partial<Situation>): boolean =>
          codes({ ...well, members, ...about }).includes("no-quorum");

        expect(isSaid({ quietMs: 20_000 })).toBe(isShort);
        // Who has no vote, or knows an old set, cannot tell whom the members reach.
        const outside = members.map((member) => ({ ...member, self: false }));
        expect(isSaid({ quietMs: 20_000, hasWork: true, members: outside })).toBe(false);
        for (const old of [{ behind: 99 }, { joining: "checkpoint-needed" }] as const) {
          expect(isSaid({ quietMs: 20_000, hasWork: true, ...consensusWith(old) })).toBe(false);
        }
        expect(isSaid({ quietMs: 20_000, seeking: { sequence: 99, forMs: 0 } })).toBe(false);
        // Blocks come, by gossip; or nobody has asked for one.
        expect(isSaid({ quietMs: 500, hasWork: true })).toBe(false);
      }),
    );
  });

  test("each fault is named with its numbers and the next step", () => {
    const two = well.members.map((member, at) => ({ ...member, connected: at < 2 }));
    expect(say({ members: two, quietMs: 20_000 })).toBe(
      "no quorum: this node is connected to 50 % of the voting power and needs 66.7 %; not connected: " +
        "22222222, 33333333. Next: ask the operators of these validators; blocks go on once enough are " +
        "connected; if peers connect and leave again, a second node uses this network key: see " +
        "docs/operating/two-instances.md.",
    );
    expect(say({ peers: 0 })).toMatch(
      /no peer is connected, and the set has 3 other validators.*config\.json.*network key/,
    );
    expect(say({ genesisMs: NOW + 90_000 })).toMatch(
      /begins in 1 min 30 s.*by this machine's clock/,
    );
    expect(say({ head: { sequence: 10, timestampMs: NOW + 3_600_000 } })).toMatch(
      /dated 1 h ahead of this machine's clock when it came: this clock is behind/,
    );
    // A clock that is 1 min behind says so too when the block has been here for nearly as long.
    const late = { head: { sequence: 10, timestampMs: NOW + 1_000 }, quietMs: 59_000 };
    expect(say(late)).toMatch(/the last block was dated 1 min ahead of this machine's clock/);
    const doubted = consensusWith({ clockDoubted: true });
    expect(say({ untimelyMs: [-30_000, -31_000, -30_500], ...doubted })).toMatch(
      /3 recent proposals were dated 31 s behind this machine's clock, which is probably ahead/,
    );
    expect(say({ untimelyMs: [30_000, 31_000], untimelySinceFinal: 2 })).toMatch(
      /clock, which is probably behind/,
    );
    expect(codes({ ...well, untimelyMs: [30_000, 31_000], untimelySinceFinal: 1 })).toEqual([]);
    const dated = { untimelyMs: [-30_000, -31_000], untimelySinceFinal: 2 };
    expect(codes({ ...well, ...dated, ...consensusWith({ behind: 99 }) })).toEqual(["behind"]);
    expect(say(consensusWith({ noVerdict: "the Judge abstained: crash" }))).toMatch(
      /a final block waits: the Judge gives no verdict on it: .*crash.*asks again each second/,
    );
    expect(say(consensusWith({ disk: "ENOSPC: no space left" }))).toMatch(
      /signs nothing: writing to its disk fails: ENOSPC.*free space.*resumes by itself/,
    );
    expect(say(consensusWith({ running: false }))).toMatch(
      /has stopped and does not resume.*node\.log/,
    );
    expect(say(consensusWith({ quiet: "key-not-in-set" }))).toMatch(/another consensus key/);
    expect(say(consensusWith({ quiet: "not-in-set" }))).toMatch(
      /not in the current set.*signs nothing/,
    );
    expect(say(consensusWith({ joining: "checkpoint-needed" }))).toMatch(
      /validators have left since.*--checkpoint/,
    );
    expect(say({ seeking: { sequence: 9, forMs: 20_000 } })).toMatch(
      /no peer has sent the headers of the checkpoint 9 for 20 s.*compare its digest/,
    );
    const high = { sequence: 99, forMs: 6_000 };
    expect(say({ seeking: high, ...consensusWith({ behind: 86 }) })).toMatch(
      /the checkpoint 99 is above the heads of all peers, of which the highest is 86/,
    );
    expect(codes({ ...well, seeking: { ...high, forMs: 1_000 } })).toEqual([]);
    expect(say(consensusWith({ behind: 1_234 }))).toMatch(
      /has 10 blocks and peers have 1,234.*and votes when it has them/,
    );
    const stands = { hasWork: true, quietMs: 60_000 };
    expect(say({ ...stands, proofs: 1 })).toMatch(
      /no block for 1 min although 1 proof waits; sequence 11 is in view 0, led by 11111111/,
    );
    expect(say(stands)).toMatch(/no block for 1 min although an empty one is due;/);
  });

  test("outside of the set says which of the reasons it is, with its step", () => {
    const outside = (status: StakeRecord["status"], stake = 10_000_000n): string => {
      const record = { status, stake, minimumStake: 10_000_000n };
      return say({ record, ...consensusWith({ quiet: "not-in-set" }) });
    };

    expect(outside("jailed")).toMatch(/it is jailed.*Next: .*`ask_back`/);
    expect(outside("ejected")).toMatch(/it is ejected.*Next: .*`aethel rotate-key`/);
    expect(outside("active", 4_000_000n)).toMatch(
      /stake is 4 tokens, and the minimum is 10\. Next: stake 6 tokens more/,
    );
    expect(outside("active")).toMatch(/waits for an epoch boundary/);
    expect(say(consensusWith({ quiet: "not-in-set" }))).toMatch(
      /knows of no stake of it.*Next: stake, see/,
    );
  });

  test("before the chain begins nothing is late, and that is said", () => {
    const early = { genesisMs: NOW + 90_000, head: { sequence: 0, timestampMs: NOW + 90_000 } };
    expect(codes({ ...well, ...early, hasWork: true, quietMs: 60_000 })).toEqual(["clock"]);
  });

  test("who is outside of the set is not told to wait for its votes, and says what it reaches", () => {
    const members = well.members.map((member, at) => ({
      ...member,
      self: false,
      connected: at < 2,
    }));
    const outside = { role: "observer", members } as const;
    const behind = say({ ...outside, ...consensusWith({ behind: 1_234 }) });
    expect(behind).toMatch(/Next: wait: it fetches the missing blocks\.$/);
    expect(say({ ...outside, hasWork: true, proofs: 1, quietMs: 60_000 })).toMatch(
      /although 1 proof waits.*this node has no vote, and is connected to 50 % of the voting power\. Next: /,
    );
    expect(codes({ ...well, ...outside, quietMs: 60_000 })).toEqual([]);
  });

  test("who listens says since when, for what it waits, and from where it signs", () => {
    const listening = {
      cause: "log-lost",
      sinceMs: NOW - 42_000,
      heardPower: 200n,
      neededPower: 267n,
      totalPower: 400n,
      highest: undefined,
      possible: true,
    };
    const waits = say(consensusWith({ quiet: "listening", listening }));
    expect(waits).toMatch(/listening since \d{4}-.*Z \(42 s\): signing\.log was lost/);
    expect(waits).toMatch(
      /has signed heads of 50 % of the voting power and needs more than 66\.7 %/,
    );
    const heard = { ...listening, highest: 20 };
    expect(say(consensusWith({ quiet: "listening", listening: heard, signsFrom: 23 }))).toMatch(
      /heard of sequence 20 at most, and signs from sequence 23 on/,
    );
    expect(
      say(consensusWith({ quiet: "listening", listening: { ...listening, possible: false } })),
    ).toMatch(/a third of the power or more.*docs\/operating\/more-than-a-third-listens\.md/);
    expect(say({ ...consensusWith({ quiet: "listening", listening }), quietMs: 20_000 })).toMatch(
      /needs more than 66\.7 %.* connected validators do not answer.* if too many listen/,
    );
    expect(
      say(
        consensusWith({ quiet: "listening", listening: { ...listening, cause: "own-signature" } }),
      ),
    ).toMatch(/a signature of this key is not in signing\.log.*no other process or machine/);
  });

  test("an observer is not told that it does not vote", () => {
    expect(codes({ ...well, role: "observer", ...consensusWith({ quiet: "not-in-set" }) })).toEqual(
      [],
    );
  });
});

describe("what is told of it", () => {
  test("each finding once when it has settled, again after a minute, and its end", async () => {
    const { vi } = await import("vitest");
    vi.useFakeTimers();
    try {
      const said: string[] = [];
      const changes: number[] = [];
      let findings: readonly Finding[] = [];
      let time = 0;
      const watch = createWatch({
        look: () => findings,
        log: {
          warn: (_: object, text: string) => said.push(text),
          info: (_: object, text: string) => said.push(text),
        } as never,
        now: () => time,
        onChange: (all) => changes.push(all.length),
      });
      const pass = (seconds: number): void => {
        for (let at = 0; at < seconds; at++) {
          time += 1_000;
          vi.advanceTimersByTime(1_000);
        }
      };

      findings = [{ code: "no-peers", message: "no peer", next: "look" }];
      pass(2);
      findings = [];
      pass(5);
      expect(said).toEqual([]);
      findings = [{ code: "no-peers", message: "no peer", next: "look" }];
      pass(30);
      expect(said).toEqual(["no peer. Next: look"]);
      pass(60);
      expect(said).toHaveLength(2);
      findings = [];
      pass(2);
      expect(said[2]).toMatch(/^resolved after 1 min 30 s: no-peers$/);
      expect(changes).toEqual([1, 0]);
      watch.stop();
    } finally {
      vi.useRealTimers();
    }
  });
});
