import crypto from "node:crypto";
import {
  type AccountId,
  annexRoot,
  blockDigest,
  ConsensusMessage,
  type Digest,
  itemOf,
  outlineOf,
  payloadRoot,
  type QuorumCertificate,
  sha256,
  toAccountId,
  toHex,
  toSequence,
  toSignature,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createInbox } from "../src/inbox/inbox.ts";
import { createRememberingVerify } from "../src/inbox/remembering-verify.ts";
import { verificationLimit } from "../src/inbox/sender-budget.ts";
import { leaderOf, type Occurrence, type State, type Statement, step } from "../src/index.ts";
import { GENESIS } from "./keys.ts";
import { at, createRuleStage } from "./rule-stage.ts";

/** Names of a large outline: items and annex entries. */
const NAMES = 256;
/** Hashes of a message for each of its signatures: its bytes, and what is signed. */
const HASHES_FOR_SIGNATURE = 2;
/** Hashes of a message besides: that of its header. */
const HASHES_BESIDES = 2;

const stage = createRuleStage(3);
const { config, cluster, me } = stage;
const { head } = stage.state;
const set = head.validators;
const n = set.validators.length;
const ids = cluster.nodes.map((node) => node.config.id);
const names = new Set(ids.map((id) => toHex(id)));
const stranger = toAccountId(sha256(new Uint8Array([1])));
const others = [0, 1, 2, 3].filter((index) => index !== me);

/** Sequence that a message is about: the current one or the next. */
type Where = { readonly sequence: number; readonly seed: number };

/** A block of many items that nobody has, by the leader of its sequence. */
function largeBlock({ sequence, seed }: Where) {
  const leader = leaderOf(set, toSequence(sequence), toView(0));
  const base = at(stage.blocks, seed);
  const items = Array.from({ length: NAMES }, (_, serial) =>
    itemOf(new Uint8Array([serial & 255, serial >> 8, seed])),
  );
  const annex = Array.from({ length: NAMES / 4 }, (_, serial) => new Uint8Array([serial]));
  const header = {
    ...base.header,
    sequence: toSequence(sequence),
    payloadRoot: payloadRoot(items),
    annexRoot: annexRoot(annex),
  };
  const block = { ...base, header, items, annex };
  return { block, digest: blockDigest(header), leader };
}

/** Signatures that validators have made, in hexadecimal: all others are junk. */
const genuine = new Set<string>();

function say(index: number, statement: Statement): ConsensusMessage {
  const message = cluster.sign(index, statement);
  const isProposal = message.type === "pre-prepare" || message.type === "new-view";
  genuine.add(toHex(isProposal ? message.proposal.signature : message.signature));
  return message;
}

function certified(certificate: QuorumCertificate | undefined): QuorumCertificate | undefined {
  for (const signature of certificate?.seal.signatures ?? []) genuine.add(toHex(signature));
  return certificate;
}

/** Certificate of the head, or of what follows it, for messages of a sequence. */
function parentOf({ sequence }: Where): {
  readonly digest: Digest;
  readonly certificate: QuorumCertificate | undefined;
} {
  if (sequence === 2) return { digest: head.digest, certificate: certified(head.certificate) };
  const digest = at(stage.digests, 0);
  const certificate = stage.certificate({ phase: "commit", view: 0, digest });
  return { digest, certificate: certified(certificate) };
}

const kinds = ["pre-prepare", "prepare", "commit", "view-change", "new-view"] as const;

/** An honest message of a kind; one of the leader, if only that sends it. */
function messageOf(kind: (typeof kinds)[number], where: Where): ConsensusMessage {
  const name = `${kind}/${where.sequence}/${where.seed}`;
  const message = made.get(name) ?? makeMessage(kind, where);
  made.set(name, message);
  return message;
}

const made = new Map<string, ConsensusMessage>();

function makeMessage(kind: (typeof kinds)[number], where: Where): ConsensusMessage {
  const { sequence, seed } = where;
  const { block, digest, leader } = largeBlock(where);
  const of = { sequence: toSequence(sequence), view: toView(0), digest };
  const parent = parentOf(where);
  const body = {
    validators: set.hash,
    sequence: toSequence(sequence),
    newView: toView(1),
    parent: parent.digest,
    prepared: undefined,
  };
  const request = (voter: number) =>
    say(voter, {
      type: "view-change",
      body,
      voter: toValidatorIndex(voter),
      parentCertificate: parent.certificate,
      prepareCertificate: undefined,
    });
  switch (kind) {
    case "pre-prepare": {
      const proposal = { ...of, leader };
      return say(leader, { type: kind, proposal, outline: outlineOf(block) });
    }
    case "prepare":
    case "commit": {
      const voter = at(others, seed % others.length);
      return say(voter, { type: kind, ...of, voter: toValidatorIndex(voter) });
    }
    case "view-change":
      return request(at(others, seed % others.length));
    case "new-view": {
      const by = leaderOf(set, toSequence(sequence), toView(1));
      return say(by, {
        type: kind,
        proposal: { ...of, view: toView(1), leader: by },
        parent: parent.digest,
        votes: [0, 1, 2].map((voter) => {
          const asked = request(voter);
          if (asked.type !== "view-change") throw new Error("a request");
          return {
            voter: toValidatorIndex(voter),
            prepared: undefined,
            signature: asked.signature,
          };
        }),
        parentCertificate: parent.certificate,
        prepareCertificate: undefined,
      });
    }
  }
}

const changes = ["none", "item", "annex", "outline", "signature", "certificate"] as const;

/** The message as somebody on its way can change it, each time in another way. */
function changed(
  message: ConsensusMessage,
  change: (typeof changes)[number],
  serial: number,
): ConsensusMessage {
  const junk = sha256(new Uint8Array([serial & 255, serial >> 8, 9]));
  const signature = toSignature(new Uint8Array([...junk, ...junk]));
  if (change === "signature") {
    return message.type === "pre-prepare" || message.type === "new-view"
      ? { ...message, proposal: { ...message.proposal, signature } }
      : { ...message, signature };
  }
  const isJustified = message.type === "view-change" || message.type === "new-view";
  if (change === "certificate" && isJustified) {
    const { parentCertificate } = message;
    if (parentCertificate?.seal.type !== "ed25519") return message;
    const signatures = parentCertificate.seal.signatures.with(-1, signature);
    const seal = { ...parentCertificate.seal, signatures };
    return { ...message, parentCertificate: { ...parentCertificate, seal } };
  }
  if (message.type !== "pre-prepare" || message.outline === undefined) return message;
  const { outline } = message;
  if (change === "outline") return { ...message, outline: undefined };
  const { items, annex } = outline;
  if (change === "item")
    return { ...message, outline: { ...outline, items: items.with(-1, junk) } };
  if (change !== "annex") return message;
  return { ...message, outline: { ...outline, annex: annex.with(-1, junk) } };
}

/** An inbox and the engine behind it, and the work of all that is delivered. */
function createWorld() {
  let state: State = stage.state;
  let verifications = 0;
  const verify = createRememberingVerify((_, __, signature) => {
    verifications += 1;
    return genuine.has(toHex(signature));
  });
  const now = head.header.timestamp + config.minBlockIntervalMs;
  const advance = (occurrence: Occurrence): void => {
    state = step(config, state, { ...occurrence, now, elapsed: now }).state;
  };
  const inbox = createInbox({
    config,
    options: { genesis: GENESIS },
    verifying: { verify, count: () => verifications },
    elapsed: () => 0,
    state: () => state,
    isValidator: (name) => names.has(name),
    input: advance,
    emit: () => {},
  });
  const deliver = (message: ConsensusMessage, from: AccountId | undefined) => {
    const copy = ConsensusMessage.decode(ConsensusMessage.encode(message));
    const before = verifications;
    const spy = vi.spyOn(crypto, "hash");
    inbox.deliver(copy, from);
    for (let next = inbox.shift(); next !== undefined; next = inbox.shift()) {
      const occurrence = inbox.validate(next);
      if (occurrence !== undefined) advance(occurrence);
    }
    const hashes = spy.mock.calls.length;
    spy.mockRestore();
    return { hashes, verified: verifications - before };
  };
  return { deliver, state: () => state };
}

/** The most that a message may cost by its signatures, whatever else is in it. */
function dueOf(message: ConsensusMessage): number {
  const count = (certificate: QuorumCertificate | undefined): number =>
    certificate?.signers.filter(Boolean).length ?? 0;
  const isJustified = message.type === "view-change" || message.type === "new-view";
  const signatures =
    1 +
    (message.type === "new-view" ? message.votes.length : 0) +
    (message.type === "pre-prepare" ? count(message.outline?.parentCertificate) : 0) +
    (isJustified ? count(message.parentCertificate) + count(message.prepareCertificate) : 0);
  return HASHES_BESIDES + HASHES_FOR_SIGNATURE * signatures;
}

const senders: readonly (AccountId | undefined)[] = [...ids, stranger, undefined];
const where = fc.record({ sequence: fc.constantFrom(2, 3), seed: fc.nat(1) });
const sent = fc.record({
  kind: fc.constantFrom("pre-prepare", "pre-prepare", ...kinds),
  where,
  change: fc.constantFrom(...changes),
  from: fc.nat(senders.length - 1),
  times: fc.integer({ min: 1, max: 20 }),
});
/** Wrong outlines of a sequence that are hashed: one of its leader; of all others, of each kind. */
const WRONG_MAX = 1 + 3 * 8;

afterEach(() => vi.restoreAllMocks());

describe("the work that messages cause", () => {
  test("a proposal that comes again, by whomever, costs no more than a vote that does, its items withheld or not", () => {
    for (const kind of kinds) {
      for (const sequence of [2, 3]) {
        const { deliver } = createWorld();
        const message = messageOf(kind, { sequence, seed: 0 });
        deliver(message, at(ids, at(others, 0)));
        const again = senders.map((from) => deliver(message, from));

        expect(Math.max(...again.map(({ hashes }) => hashes)), `${kind} ${sequence}`).toBe(0);
        expect(Math.max(...again.map(({ verified }) => verified))).toBe(0);
      }
    }
  });

  test.each([2, 3])(
    "B23: of wrong outlines of sequence %i one of the leader is hashed, and eight small ones of the validators, the strangers and the relays each",
    (sequence) => {
      const message = messageOf("pre-prepare", { sequence, seed: 0 });
      const leader = leaderOf(set, toSequence(sequence), toView(0));
      const validators = others.filter((index) => index !== leader).map((index) => at(ids, index));
      expect(validators.length).toBeGreaterThan(1);
      const strangers = [1, 2, 3].map((seed) => toAccountId(sha256(new Uint8Array([seed]))));
      for (const [by, most] of [
        [[at(ids, leader)], 1],
        [validators, 8],
        [strangers, 8],
        [[undefined], 8],
      ] as const) {
        const { deliver } = createWorld();
        let large = 0;
        for (let serial = 0; serial < 30; serial++) {
          const part = serial % 2 === 0 ? "item" : "annex";
          const wrong = changed(message, part, serial);
          if (deliver(wrong, by[serial % by.length]).hashes > dueOf(wrong)) large += 1;
        }
        expect(large).toBe(most);
        // What its leader sends is looked at all the same.
        const right = deliver(message, at(ids, leader));
        expect(right.hashes > dueOf(message)).toBe(by[0] !== ids[leader]);
      }
    },
  );

  test("B23: however messages are repeated and changed, and by whom, few outlines are hashed, and signatures within the budgets", () => {
    const { burst } = verificationLimit(config, n);
    fc.assert(
      fc.property(fc.array(sent, { minLength: 30, maxLength: 60 }), (all) => {
        const { deliver } = createWorld();
        let [large, serial] = [0, 0];
        const verified = new Map<number, number>();
        for (const { kind, where: about, change, from, times } of all) {
          for (let time = 0; time < times; time++) {
            serial += 1;
            const message = changed(messageOf(kind, about), change, serial);
            const work = deliver(message, senders[from]);
            if (work.hashes > dueOf(message)) large += 1;
            verified.set(from, (verified.get(from) ?? 0) + work.verified);
          }
        }
        // In each sequence the right one too.
        expect(large).toBeLessThanOrEqual(2 * (WRONG_MAX + 1));
        for (const [from, count] of verified) {
          // In the name of each validator that it is no more than they are.
          const accounts = from < n ? 1 : n;
          expect(count).toBeLessThanOrEqual(accounts * (burst + 3 * n));
        }
      }),
      // Shrinking a world of a thousand messages takes minutes.
      { numRuns: 10, endOnFailure: true },
    );
  });
});
