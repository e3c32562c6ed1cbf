import {
  type ConsensusMessage,
  createCertificate,
  createValidatorSet,
  findCertificateDefect,
  isQuorum,
  sha256,
  toAccountId,
  toAmount,
  toSequence,
  toValidatorIndex,
  toView,
  type ValidatorSet,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addVote, emptyVoteBook } from "../src/books/vote-book.ts";
import { authenticate, leaderOf, signStatement } from "../src/index.ts";
import { createMembership, GENESIS, type Membership } from "./keys.ts";

const digest = sha256(GENESIS);
const sequence = toSequence(7);
const view = toView(2);
const powers = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 8 });

/** The set without some members, as an epoch boundary leaves it. */
function withoutSome(membership: Membership, gone: (index: number) => boolean): ValidatorSet {
  return createValidatorSet(membership.set.validators.filter((_, index) => !gone(index)));
}

function everyStatement(
  membership: Membership,
  by: number,
  index: number,
): readonly ConsensusMessage[] {
  const signer = membership.members[by]?.signer;
  if (signer === undefined) throw new Error("there is one");
  const voter = toValidatorIndex(index);
  const vote = { sequence, view, digest, voter };
  const { hash } = membership.set;
  const body = { validators: hash, sequence, newView: view, parent: digest, prepared: undefined };
  const none = { parentCertificate: undefined, prepareCertificate: undefined };
  const proposal = { sequence, view, digest, leader: voter };
  return [
    { type: "prepare", ...vote } as const,
    { type: "commit", ...vote } as const,
    { type: "view-change", body, voter, ...none } as const,
    { type: "pre-prepare", proposal, outline: undefined } as const,
    { type: "new-view", proposal, parent: digest, votes: [], ...none } as const,
  ].map((statement) => signStatement({ statement, genesis: GENESIS, signer }));
}

describe("voting power", () => {
  test("P17: nothing said by one who is not in the set counts, under any index", () => {
    fc.assert(
      fc.property(powers, fc.nat(), fc.nat({ max: 12 }), (stakes, who, index) => {
        const membership = createMembership(stakes);
        const left = who % stakes.length;
        const set = withoutSome(membership, (at) => at === left);
        const { verify } = membership;
        for (const message of everyStatement(membership, left, index)) {
          const context = { genesis: GENESIS, set, previousSet: membership.set, verify };
          expect(authenticate(message, context)).toBeDefined();
        }
        // The same words of a member, under its own index, are heard.
        const stays = (left + 1) % stakes.length;
        const own = stays > left ? stays - 1 : stays;
        const heard = everyStatement({ ...membership, set }, stays, own);
        const context = { genesis: GENESIS, set, previousSet: set, verify };
        expect(heard.map((message) => authenticate(message, context))).toEqual(
          heard.map(() => undefined),
        );
      }),
      { numRuns: 100 },
    );
  });

  test("P17: a certificate with one signer who has left is no certificate", () => {
    fc.assert(
      fc.property(powers, fc.nat(), (stakes, who) => {
        const membership = createMembership(stakes);
        const left = who % stakes.length;
        const set = withoutSome(membership, (at) => at === left);
        const { verify, members } = membership;
        const signatureOf = (by: number) => {
          const signer = members[by]?.signer;
          if (signer === undefined) throw new Error("there is one");
          const vote = { sequence, view, digest, voter: toValidatorIndex(by) };
          const message = signStatement({
            statement: { type: "commit", ...vote },
            genesis: GENESIS,
            signer,
          });
          if (message.type !== "commit") throw new Error("a COMMIT");
          return message.signature;
        };
        const staying = members.flatMap((_, at) => (at === left ? [] : [at]));
        const vote = { sequence, view, digest };
        const certificate = (signers: readonly number[]) =>
          createCertificate({
            phase: "commit",
            vote,
            set,
            votes: signers.map((by, index) => ({
              voter: toValidatorIndex(index),
              signature: signatureOf(by),
            })),
          });
        const check = (signers: readonly number[]) =>
          findCertificateDefect({
            certificate: certificate(signers),
            set,
            genesis: GENESIS,
            verify,
          });

        expect(check(staying)).toBeUndefined();
        // It takes the place of one who stays.
        expect(check(staying.with(who % staying.length, left))).toBe("bad-signature");
      }),
      { numRuns: 100 },
    );
  });

  test("P27: a stake split over many identities makes a quorum with the same others as before", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 4, max: 40 }), { minLength: 2, maxLength: 7 }),
        fc.nat(),
        fc.integer({ min: 2, max: 4 }),
        fc.infiniteStream(fc.boolean()),
        (stakes, who, parts, votes) => {
          const owner = who % stakes.length;
          const whole = setOf(stakes.map((power, at) => ({ owner: at, power })));
          const share = Math.floor((stakes[owner] ?? 0) / parts);
          const split = setOf(
            stakes.flatMap((power, at) =>
              at !== owner
                ? [{ owner: at, power }]
                : Array.from({ length: parts }, (_, part) => ({
                    owner: at,
                    power: part === 0 ? power - share * (parts - 1) : share,
                  })),
            ),
          );
          // The same owners vote, each with all identities or with none.
          const voting = stakes.map(() => votes.next().value === true);

          const total = stakes.reduce((sum, power) => sum + power, 0);
          const behind = stakes.reduce((sum, power, at) => sum + (voting[at] ? power : 0), 0);
          expect(reaches(whole, voting)).toBe(behind * 3 > total * 2);
          expect(reaches(split, voting)).toBe(behind * 3 > total * 2);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("P27: split or not, an owner leads as often", () => {
    const slots = 5_000;
    for (const parts of [2, 5, 17]) {
      const whole = setOf([34, 21, 21, 20, 38].map((power, owner) => ({ owner, power })));
      const split = setOf(
        [
          ...Array.from({ length: parts }, () => ({ owner: 0, power: 34 / parts })),
          ...[21, 21, 20, 38].map((power, at) => ({ owner: at + 1, power })),
        ].map(({ owner, power }) => ({ owner, power: power * 1_190 })),
      );
      const [before, after] = [whole, split].map(({ set, ownerOf }) => {
        let led = 0;
        for (let at = 1; at <= slots; at++) {
          if (ownerOf(leaderOf(set, toSequence(at), toView(0))) === 0) led += 1;
        }
        return led;
      });
      expect(Math.abs((before ?? 0) - (after ?? 0))).toBeLessThan(20);
    }
  });
});

interface Owned {
  readonly set: ValidatorSet;
  readonly ownerOf: (index: number) => number;
}

function setOf(identities: readonly { readonly owner: number; readonly power: number }[]): Owned {
  const members = identities.map(({ owner, power }, at) => {
    const key = createMembership([1]).set.validators[0]?.key;
    if (key === undefined) throw new Error("there is one");
    const id = toAccountId(sha256(new Uint8Array([owner, at, 1])));
    return {
      owner,
      id,
      key: key.map((byte, index) => (index === 0 ? byte ^ at : byte)) as typeof key,
      power: toAmount(BigInt(power)),
    };
  });
  const set = createValidatorSet(members.map(({ id, key, power }) => ({ id, key, power })));
  const ownerOf = (index: number): number =>
    members.find(({ id }) => String(id) === String(set.validators[index]?.id))?.owner ?? -1;
  return { set, ownerOf };
}

/** Whether the votes of those owners are counted as a quorum. */
function reaches({ set, ownerOf }: Owned, voting: readonly boolean[]): boolean {
  let book = emptyVoteBook();
  let power = 0n;
  set.validators.forEach((_, index) => {
    if (voting[ownerOf(index)] !== true) return;
    const vote = { view, digest, voter: toValidatorIndex(index), signature: new Uint8Array(64) };
    const outcome = addVote(book, set, vote as never, view);
    if (outcome.type !== "added") throw new Error("a first vote is added");
    ({ book, power } = outcome);
  });
  return isQuorum(power, set);
}
