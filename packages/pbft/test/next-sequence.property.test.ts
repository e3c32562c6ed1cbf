import {
  type ConsensusMessage,
  createCertificate,
  createValidatorSet,
  leaderOfSlot,
  type Prepare,
  type QuorumCertificate,
  sha256,
  toAmount,
  toSequence,
  toTimestamp,
  toValidatorIndex,
  toView,
  type ValidatorSet,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { slotAt } from "../src/books/slots.ts";
import { triage } from "../src/inbox/triage.ts";
import { contextAt } from "../src/inbox/verification.ts";
import { authenticate, type Effect, sequenceOf, step } from "../src/index.ts";
import { leaderAt } from "../src/schedule/leader-at.ts";
import { Cluster } from "./cluster.ts";
import { GENESIS } from "./keys.ts";

const view = fc.integer({ min: 1, max: 2 ** 32 - 1 });
const digestOf = (seed: number) => sha256(new Uint8Array([seed & 255, (seed >> 8) & 255]));

/** A cluster whose replicas have the first block. */
function started(powers: readonly number[] = [1, 1, 1, 1]): Cluster {
  const cluster = new Cluster({ powers, scheme: "trusted" }).startAll();
  cluster.work();
  const done = (): boolean => cluster.heights().every((height) => height === 1);
  if (!cluster.run({ forMs: 5_000, until: done })) throw new Error("not final");
  cluster.run({ forMs: 50 });
  return cluster;
}

function certificateOf(
  cluster: Cluster,
  phase: "prepare" | "commit",
  options: {
    readonly sequence: number;
    readonly view: number;
    readonly digest: Uint8Array;
    readonly set: ValidatorSet;
    readonly voters: readonly number[];
  },
): QuorumCertificate {
  const { set, voters } = options;
  const vote = {
    sequence: toSequence(options.sequence),
    view: toView(options.view),
    digest: options.digest as never,
  };
  const votes = voters.map((voter) => {
    const member = cluster.membership.members.findIndex(
      ({ id }) => set.validators[voter]?.id === id,
    );
    const message = cluster.sign(member, { type: phase, ...vote, voter: toValidatorIndex(voter) });
    return message as Prepare;
  });
  return createCertificate({ phase, vote, set, votes });
}

describe("messages of the next sequence", () => {
  const unsigned = new Uint8Array(64) as never;
  const forms = fc.constantFrom("whole", "no votes", "few votes", "no parent", "another parent");

  test("of NewViews that are early those of the highest view that a quorum asked for are kept, of both that may lead it", () => {
    const cluster = started();
    // Few views, so that several leaders have one; and any.
    const views = fc.oneof(fc.integer({ min: 1, max: 6 }), view);
    const sent = fc.record({ view: views, form: forms, by: fc.nat(3) });
    const list = fc.array(sent, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(list, (all) => {
        const { config } = cluster.node(0);
        let state = cluster.state(0);
        const { sequence } = state;
        const set = state.head.validators;
        const at = toSequence(sequence + 1);
        const mayLead = (each: number, by: number): boolean =>
          [0n, 1n].some((more) => leaderOfSlot(set, BigInt(at + each) + more) === by);
        for (const { view: each, form, by } of all) {
          const parent = digestOf(1);
          const digest = form === "another parent" ? digestOf(2) : parent;
          const where = { sequence, view: 0, digest, set, voters: [0, 1, 2] };
          const voters = form === "no votes" ? [] : form === "few votes" ? [1, 3] : [0, 1, 3];
          const message: ConsensusMessage = {
            type: "new-view",
            proposal: {
              sequence: at,
              view: toView(each),
              digest: digestOf(each),
              leader: toValidatorIndex(by),
              signature: unsigned,
            },
            parent,
            votes: voters.map((voter) => ({
              voter: toValidatorIndex(voter),
              prepared: undefined,
              signature: unsigned,
            })),
            parentCertificate:
              form === "no parent" ? undefined : certificateOf(cluster, "commit", where),
            prepareCertificate: undefined,
          };
          const input = { type: "message", message, from: undefined, now: cluster.now } as const;
          // Its certificate makes the current block final; that is not looked at here.
          const { early } = step(config, state, input).state;
          state = { ...state, early };
        }
        const right = all.filter(({ view: of, form, by }) => form === "whole" && mayLead(of, by));
        const highest = Math.max(...right.map((each) => each.view));
        const leaders = right.flatMap((each) => (each.view === highest ? [each.by] : []));

        expect(
          state.early.newViews.map(({ proposal }) => [proposal.view, proposal.leader]),
        ).toEqual([...new Set(leaders)].map((leader) => [highest, leader]));
      }),
      { numRuns: 200 },
    );
  });

  test("a request without its certificates, as a relay can make it, takes no place of the whole one", () => {
    const cluster = started();
    const { config } = cluster.node(0);
    const { state } = cluster.node(0);
    if (state === undefined) throw new Error("it runs");
    const { sequence } = state;
    const set = state.head.validators;
    const where = { sequence, view: 0, digest: digestOf(1), set, voters: [0, 1, 2] };
    const prepared = { sequence: sequence + 1, view: 1, digest: digestOf(5), set };
    const whole: ConsensusMessage = {
      type: "view-change",
      body: {
        validators: set.hash,
        sequence: toSequence(sequence + 1),
        newView: toView(3),
        parent: digestOf(1),
        prepared: { view: toView(1), digest: digestOf(5) },
      },
      voter: toValidatorIndex(2),
      signature: unsigned,
      parentCertificate: certificateOf(cluster, "commit", where),
      prepareCertificate: certificateOf(cluster, "prepare", { ...prepared, voters: [0, 1, 2] }),
    };
    const bare = [
      { ...whole, parentCertificate: undefined },
      { ...whole, prepareCertificate: undefined },
      { ...whole, parentCertificate: undefined, prepareCertificate: undefined },
    ];
    for (const lacking of bare) {
      let now = state;
      for (const message of [lacking, whole]) {
        expect(triage(now, message).type).toBe(message === whole ? "check" : "ahead");
        const input = { type: "message", message, from: undefined, now: cluster.now } as const;
        now = { ...now, early: step(config, now, input).state.early };
      }
      expect(slotAt(now.early.viewChanges, 2)).toBe(whole);
    }
  });

  test("B12: their certificates are checked with the set of the current sequence, not with the one before", () => {
    const powers = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 4, maxLength: 7 });
    fc.assert(
      fc.property(powers, fc.array(fc.integer({ min: 1, max: 5 })), (before, now) => {
        const cluster = started(before);
        const { head } = cluster.state(0);
        const { set } = cluster.membership;
        // At the boundary to the current sequence powers change, and the first in the list leaves.
        const validators = createValidatorSet(
          set.validators
            .slice(1)
            .map((each, at) => ({ ...each, power: toAmount(BigInt(now[at] ?? 3)) })),
        );
        const state = {
          ...cluster.state(0),
          head: { ...head, validators, previousValidators: set },
        };
        const next = toSequence(state.sequence + 1);
        const voters = validators.validators.map((_, at) => at);
        const parent = digestOf(7);
        const parentCertificate = certificateOf(cluster, "commit", {
          sequence: state.sequence,
          view: 0,
          digest: parent,
          set: validators,
          voters,
        });
        const body = {
          validators: validators.hash,
          sequence: next,
          newView: toView(1),
          parent,
          prepared: undefined,
        };
        const voter = toValidatorIndex(0);
        const signer = cluster.membership.members.findIndex(
          ({ id }) => validators.validators[0]?.id === id,
        );
        const statement = {
          type: "view-change",
          body,
          voter,
          parentCertificate,
          prepareCertificate: undefined,
        } as const;
        const message = cluster.sign(signer, statement);
        const { verify } = cluster.membership;

        expect(sequenceOf(message)).toBe(next);
        const context = contextAt(state, next, { genesis: GENESIS, verify });
        expect(authenticate(message, context)).toBeUndefined();
        // The same certificate proves nothing about the current sequence.
        const here = contextAt(state, state.sequence, { genesis: GENESIS, verify });
        expect(authenticate(message, here)).toBeDefined();
      }),
      { numRuns: 100 },
    );
  });
});

describe("who is stuck where the others have finished", () => {
  test("is told the head when it asks for a view or speaks of earlier sequences, whoever it is", () => {
    const cluster = started();
    cluster.work();
    cluster.run({ forMs: 2_000, until: () => cluster.heights().every((height) => height === 2) });
    cluster.run({ forMs: 50 });
    const from = cluster.membership.members[1]?.id;
    fc.assert(
      fc.property(fc.constantFrom(1, 2), view, fc.nat({ max: 2 }), (sequence, newView, kind) => {
        const { config } = cluster.node(0);
        const state = cluster.state(0);
        const voter = toValidatorIndex(1);
        const at = toSequence(sequence);
        const vote = { sequence: at, view: toView(newView), digest: digestOf(newView), voter };
        const body = {
          validators: state.head.validators.hash,
          sequence: at,
          newView: toView(newView),
          parent: state.head.header.parent,
          prepared: undefined,
        };
        const none = { parentCertificate: undefined, prepareCertificate: undefined };
        const messages: readonly ConsensusMessage[] = [
          cluster.sign(1, { type: "view-change", body, voter, ...none }),
          cluster.sign(1, { type: "prepare", ...vote }),
          cluster.sign(1, { type: "commit", ...vote }),
        ];
        const message = messages[kind];
        if (message === undefined) return;
        const input = { type: "message", message, from, now: cluster.now } as const;
        const { effects } = step(config, state, input);

        const told = effects.filter(({ type }) => type === "tell-head");
        // A vote on the head itself is merely late.
        const isStuck = message.type === "view-change" || sequence < 2;
        expect(told).toEqual(isStuck ? [{ type: "tell-head", to: from, known: 2 }] : []);
      }),
      { numRuns: 200 },
    );
  });
});

describe("a leader that builds while requests come in", () => {
  test("B1 B25: the NewView that it sends is one that every other accepts, whatever came when", () => {
    const scenes = fc.record({
      order: fc.uniqueArray(fc.nat({ max: 5 }), { minLength: 6, maxLength: 6 }),
      /** The requests from this one on, in the order in which they come, tell of a certificate. */
      knownFrom: fc.integer({ min: 0, max: 6 }),
      /** After so many requests the application has built the block. */
      builtAfter: fc.integer({ min: 0, max: 6 }),
    });
    fc.assert(
      fc.property(scenes, ({ order, knownFrom, builtAfter }) => {
        const cluster = new Cluster({
          powers: [1, 1, 1, 1, 1, 1, 1],
          scheme: "trusted",
        }).startAll();
        const { set } = cluster.membership;
        const { head, sequence } = cluster.state(0);
        const leader = leaderAt(cluster.state(0), toView(1));
        const others = cluster.nodes.flatMap((_, at) => (at === leader ? [] : [at]));
        const lock = certificateOf(cluster, "prepare", {
          sequence,
          view: 0,
          digest: digestOf(3),
          set,
          voters: others.slice(0, 5),
        });
        const ask = (
          from: number,
          certificate: QuorumCertificate | undefined,
        ): ConsensusMessage => {
          const body = {
            validators: set.hash,
            sequence,
            newView: toView(1),
            parent: head.digest,
            prepared: certificate && { view: certificate.view, digest: certificate.digest },
          };
          const none = { parentCertificate: undefined, prepareCertificate: certificate };
          return cluster.sign(from, {
            type: "view-change",
            body,
            voter: toValidatorIndex(from),
            ...none,
          });
        };
        const { config, app } = cluster.node(leader);
        let state = cluster.state(leader);
        let building: Extract<Effect, { type: "propose" }> | undefined;
        const sent: ConsensusMessage[] = [];
        const give = (input: Parameters<typeof step>[2]): void => {
          const transition = step(config, state, input);
          state = transition.state;
          for (const effect of transition.effects) {
            if (effect.type === "propose") building = effect;
            if (effect.type !== "sign-and-send") continue;
            const message = cluster.sign(leader, effect.statement);
            if (message.type === "new-view") sent.push(message);
            give({ type: "message", message, from: config.id, now: cluster.now });
          }
        };
        const build = (): void => {
          if (building === undefined) return;
          const block = app.propose({
            ...building,
            timestamp: toTimestamp(cluster.now),
            proposer: config.id,
          });
          const { view: wanted } = building;
          building = undefined;
          give({ type: "proposed", sequence, view: wanted, block, now: cluster.now });
        };
        order.forEach((at, turn) => {
          if (turn === builtAfter) build();
          const from = others[at] ?? 0;
          const certificate = turn >= knownFrom ? lock : undefined;
          give({
            type: "message",
            message: ask(from, certificate),
            from: undefined,
            now: cluster.now,
          });
        });
        build();

        expect(sent).toHaveLength(1);
        for (const at of others) {
          const voter = cluster.node(at);
          const before = cluster.state(at);
          for (const message of sent) {
            const { verify } = cluster.membership;
            const context = { genesis: GENESIS, set, previousSet: set, verify };
            expect(authenticate(message, context)).toBeUndefined();
            const input = { type: "message", message, from: config.id, now: cluster.now } as const;
            const { state: after } = step(voter.config, before, input);
            expect(after.view).toBe(1);
            expect(after.proposal?.proposal).toEqual(
              message.type === "new-view" && message.proposal,
            );
            // What a quorum may have made final is proposed again if any request told of it.
            const votes = message.type === "new-view" ? message.votes : [];
            const named = votes.some(({ prepared }) => prepared !== undefined);
            if (named) expect(after.proposal?.proposal.digest).toEqual(lock.digest);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});
