import {
  type ConsensusMessage,
  sha256,
  toSequence,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import { afterEach, describe, expect, test } from "vitest";
import { leaderAt, sequenceOf, signStatement } from "../src/index.ts";
import { likelyLeaderAfter } from "../src/schedule/leader-at.ts";
import { GENESIS } from "./keys.ts";
import { VirtualWorld } from "./virtual-world.ts";

/** Validator 1 of seven is down: the fourth block says so, and the fifth passes it over. */
const [LAST, NEXT] = [4, 5];
const [ADVERSARY, LEADER, SILENT, VICTIM] = [1, 2, 5, 6];

let world: VirtualWorld | undefined;
afterEach(() => world?.stop());

/** The world before the fourth block. */
async function createWorld(): Promise<VirtualWorld> {
  const made = new VirtualWorld({ seed: 1, powers: [1, 1, 1, 1, 1, 1, 1], latency: [5, 5] });
  world = made;
  for (const index of made.nodes.keys()) if (index !== ADVERSARY) await made.start(index);
  const isBefore = (): boolean => made.height(VICTIM) === LAST - 1;
  if (!(await made.run(20_000, isBefore))) throw new Error("not final");
  return made;
}

function early(made: VirtualWorld, seed: number): ConsensusMessage {
  const signer = made.membership.members[ADVERSARY]?.signer;
  if (signer === undefined) throw new Error("seven of them");
  const proposal = {
    sequence: toSequence(NEXT),
    view: toView(0),
    digest: sha256(new Uint8Array([seed])),
    leader: toValidatorIndex(ADVERSARY),
  };
  const statement = { type: "pre-prepare", proposal, outline: undefined } as const;
  return signStatement({ statement, genesis: GENESIS, signer });
}

describe("a replica from which the last block is withheld", () => {
  test.each([0, 1, 40])(
    "P10: takes up the proposal of the next leader, who is not that of the old record; that one says %i others",
    async (lies) => {
      const made = await createWorld();
      const before = made.node(VICTIM).counter.head;
      let told = 0;
      made.passes = (from, to, message) => {
        const sequence = sequenceOf(message);
        if (from === SILENT && sequence >= NEXT) return false;
        if (to !== VICTIM) return true;
        if (sequence <= LAST) return told > 0;
        if (sequence > NEXT || message.type !== "pre-prepare") return true;
        // It is told once, and never again.
        told += 1;
        return told === 1;
      };
      made.isAnswered = (index) => index !== VICTIM || told > 0;
      for (let seed = 0; seed < lies; seed++) {
        made.deliver(ADVERSARY, VICTIM, early(made, seed));
      }
      expect(await made.run(20_000, () => told > 0)).toBe(true);
      expect(made.height(VICTIM)).toBe(LAST - 1);
      expect(made.height(LEADER)).toBe(LAST);
      const { head } = made.node(LEADER).counter;
      expect(leaderAt({ head, sequence: toSequence(NEXT) }, toView(0))).toBe(LEADER);
      expect(likelyLeaderAfter(before, undefined, toView(0))).toBe(ADVERSARY);

      // Without its vote there is no quorum.
      expect(await made.run(20_000, () => made.height(VICTIM) >= NEXT)).toBe(true);
      const final = made.node(VICTIM).events.findLast(({ type }) => type === "finalized");
      expect(final).toMatchObject({ type: "finalized", sequence: NEXT, view: 0 });
    },
  );
});
