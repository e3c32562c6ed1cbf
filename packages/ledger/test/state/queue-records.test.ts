import { emptyTree } from "@aethel/merkle";
import { sha256, toAccountId, toHex, toTimestamp } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { STATE_BOUNDS, stateKey } from "../../src/index.ts";
import { QueueEntry, QueuePlace, Queues } from "../../src/state/queue-records.ts";
import { createStateOverlay } from "../../src/state/state-overlay.ts";
import { append, countTurn, enqueue, readQueues } from "../../src/validators/queue.ts";
import { utf8 } from "../fixtures/world.ts";

const LANES = ["falling", "rising", "seats", "keys", "releases"] as const;
const id = toAccountId(sha256(utf8("who waits")));
const wide = (value: number): string => value.toString(16).padStart(16, "0");

describe("queues of a chain", () => {
  test("have the bounds that every node of it has", () => {
    expect(STATE_BOUNDS).toEqual({
      waitingMax: 16_384,
      unbondingEntriesMax: 64,
      membersMax: 14_000,
      movesMax: 128,
      releasesMax: 128,
      raisesMax: 256,
      keyTermsMax: 16,
      evidenceMax: 64,
    });
  });

  test("have keys that ascend with the positions of a lane, and lanes apart", () => {
    fc.assert(
      fc.property(fc.constantFrom(...LANES), fc.maxSafeNat(), (lane, position) => {
        const at = LANES.indexOf(lane).toString(16).padStart(2, "0");
        expect(toHex(stateKey.queueEntry(lane, position))).toBe(`50${at}${wide(position)}`);
        expect(toHex(stateKey.queuePlace(lane, id))).toBe(`51${at}${toHex(id)}`);
      }),
    );
  });

  test("are one record of a byte and ten counters, and entries without a date have date 0", () => {
    const overlay = createStateOverlay(emptyTree);
    append(overlay, "releases", { account: id, due: toTimestamp(7) });
    enqueue(overlay, "rising", id);

    const changes = new Map(overlay.changes().map(({ key, after }) => [toHex(key), after]));
    const valueAt = (key: Uint8Array): Uint8Array => changes.get(toHex(key)) ?? new Uint8Array();
    expect(valueAt(stateKey.queues)).toHaveLength(1 + 5 * 2 * 8);
    expect(Queues.decode(valueAt(stateKey.queues))).toEqual({
      turn: 0,
      falling: { head: 0, tail: 0 },
      rising: { head: 0, tail: 1 },
      seats: { head: 0, tail: 0 },
      keys: { head: 0, tail: 0 },
      releases: { head: 0, tail: 1 },
    });
    expect(QueueEntry.decode(valueAt(stateKey.queueEntry("rising", 0)))).toEqual({
      account: id,
      due: 0,
    });
    const place = QueuePlace.decode(valueAt(stateKey.queuePlace("rising", id)));
    expect(place).toEqual({ position: 0 });
    expect(changes.has(toHex(stateKey.queuePlace("releases", id)))).toBe(false);
  });

  test("answer the turn that was, and come round after four", () => {
    const overlay = createStateOverlay(emptyTree);
    expect(Array.from({ length: 9 }, () => countTurn(overlay))).toEqual([
      0, 1, 2, 3, 0, 1, 2, 3, 0,
    ]);
    expect(readQueues(overlay).turn).toBe(1);
  });
});
