import { toDigest, toSequence, toTimestamp, toView } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quietReason } from "../src/hearing/quiet.ts";
import { decodeSigningLog, SigningRecord, signFrom } from "../src/index.ts";
import { answerSignedHead } from "../src/listening/answer-signed-head.ts";
import { watchOwnKey } from "../src/listening/watch-own-key.ts";
import { holdsKeyOf, signerFor } from "../src/own-key.ts";
import { GENESIS } from "./keys.ts";
import { at, createRuleStage } from "./rule-stage.ts";

const stage = createRuleStage(3);
const { state, me, cluster, config } = stage;
const { validators: set } = state.head;
const { members } = cluster.membership;
const stranger = new Uint8Array(32).fill(1) as unknown as typeof config.id;
const since = toTimestamp(7);

describe("why a replica signs nothing", () => {
  test("the first of the reasons that hold is told, and none when none does", () => {
    const causes = fc.constantFrom(undefined, undefined, "starting", "log-lost", "own-signature");
    const situations = fc.record({
      stopped: fc.boolean(),
      suspended: fc.boolean(),
      cause: causes,
      isMember: fc.boolean(),
      holdsKey: fc.boolean(),
      isBelow: fc.boolean(),
    });
    fc.assert(
      fc.property(situations, ({ stopped, suspended, cause, isMember, holdsKey, isBelow }) => {
        const context = stage.context({
          stopped,
          suspended,
          listening: cause && { cause, since, answers: [], rounds: 0 },
          me: isMember ? state.me : undefined,
          holdsKey,
          floor: toSequence(state.sequence - (isBelow ? 0 : 1)),
        });
        const reasons = [
          stopped && "stopped",
          suspended && "suspended",
          cause !== undefined && cause !== "starting" && "listening",
          !isMember && "not-in-set",
          !holdsKey && "key-not-in-set",
          cause === "starting" && "starting",
          isBelow && "log-ahead",
        ];
        expect(quietReason(context.state)).toBe(reasons.find((reason) => reason !== false));
      }),
      { numRuns: 200 },
    );
  });
});

describe("the own key", () => {
  const own = at(members, me).signer;
  const other = at(members, (me + 1) % 4).signer;

  test("is looked for in the current set at each input, and what is known follows it", () => {
    for (const before of [true, false]) {
      for (const keys of [[], [other.publicKey], [other.publicKey, own.publicKey], undefined]) {
        const { keys: _, ...rest } = config;
        const context = {
          ...stage.context({ holdsKey: before }),
          config: keys === undefined ? rest : { ...rest, keys },
        };

        watchOwnKey(context);

        expect(context.state.holdsKey).toBe(keys === undefined || keys.includes(own.publicKey));
      }
    }
  });

  test("of a validator that the set does not name there is none to sign with, or to lack", () => {
    const signers = [other, own];

    expect(signerFor(signers, config.id, set)).toBe(own);
    expect(signerFor([other], config.id, set)).toBeUndefined();
    expect(signerFor(signers, stranger, set)).toBeUndefined();
    expect(holdsKeyOf({ id: stranger, keys: [] }, set)).toBe(true);
  });
});

describe("the own head", () => {
  test("is signed for nobody by a replica that has stopped, and not for itself", () => {
    const asker = at(members, (me + 1) % 4);
    const answer = (stopped: boolean, validator = asker.id) =>
      answerSignedHead({
        request: {
          type: "signed-head",
          nonce: toDigest(new Uint8Array(32)),
          validator,
          listening: false,
        },
        state: stage.context({ stopped }).state,
        genesis: GENESIS,
        signers: [at(members, me).signer],
        id: config.id,
      });

    expect(answer(false)).toMatchObject({ type: "signed-head", sequence: 1 });
    expect(answer(true)).toEqual({ type: "absent", head: 1 });
    expect(answer(false, config.id)).toEqual({ type: "absent", head: 1 });
  });
});

describe("signFrom", () => {
  test("leaves out records that do nothing but listen; whatever was signed stays", () => {
    const listen = { type: "listen", since } as const;
    const sequence = toSequence(4);
    const vote = {
      type: "vote",
      phase: "commit",
      view: toView(0),
      digest: GENESIS,
      sequence,
    } as const;
    const records = [[listen], [listen, vote], [vote], [listen, listen]].map((entries) =>
      SigningRecord.encode({ entries }),
    );

    const log = signFrom({ records, sequence });

    const floor = { type: "floor", sequence: toSequence(3) };
    expect(log).toHaveLength(3);
    expect(decodeSigningLog(log)).toEqual([listen, vote, vote, floor]);
  });
});
