import { expect, test } from "vitest";
import { isTransient, PbftError } from "../src/errors.ts";
import { createRig } from "./rig.ts";

/** Error of an application that cannot say now. */
class NoVerdict extends Error {
  readonly isTransient: boolean;

  constructor(isTransient: boolean) {
    super("no verdict");
    this.isTransient = isTransient;
  }
}

test("an error that says it of itself, or a disk's, is no contradiction", () => {
  expect(isTransient(new NoVerdict(true))).toBe(true);
  expect(isTransient(new NoVerdict(false))).toBe(false);
  expect(isTransient(new Error("no"))).toBe(false);
  expect(isTransient({ isTransient: true })).toBe(false);
  const stopped = new PbftError({ code: "STOPPED" });
  expect(isTransient(stopped)).toBe(false);
  expect(isTransient(Object.assign(new Error("full"), { code: "ENOSPC" }))).toBe(true);
});

test("a final block on which there is no verdict yet is given to the application again", async () => {
  let calls = 0;
  const rig = createRig({
    application: {
      commit: (finalized) => {
        calls += 1;
        if (calls < 3) return Promise.reject(new NoVerdict(true));
        return Promise.resolve(rig.counter.commit(finalized));
      },
    },
  });
  await rig.replica.start();
  rig.counter.pending = 1;
  rig.replica.notifyWork();
  await rig.pass(10_000);

  expect(rig.replica.status()).toMatchObject({ running: true, trouble: undefined });
  expect(rig.counter.blocks).toHaveLength(1);
  await rig.replica.stop();
});
