import { toDigest } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { findProgram, findPrograms } from "../../src/calls/find-program.ts";
import { fitCalls } from "../../src/calls/fit-calls.ts";
import { IntentRecord, stateKey } from "../../src/index.ts";
import { createPrograms } from "../../src/programs/programs.ts";
import { createStateOverlay } from "../../src/state/state-overlay.ts";
import { accountArgument, amountArgument, createWorld, invoke } from "../fixtures/world.ts";

const world = createWorld();
const digest = toDigest(world.intents["transfer"] ?? new Uint8Array(32));
const bytes = world.state.tree.get(stateKey.intent(digest));
if (bytes === undefined) throw new Error("there is a transfer");
const record = IntentRecord.decode(bytes);

describe("what a call has to give", () => {
  test("is remembered where there is no room for compiled programs: refusing compiles nothing", () => {
    const programs = createPrograms({ bytesMax: 1 });

    expect(programs.load(digest, record)).not.toBe(programs.load(digest, record));
    expect(programs.interfaceOf(digest, record)).toBe(programs.interfaceOf(digest, record));
    const { kind, name, parameters, growth, sure, isAlone } = programs.load(digest, record);
    expect(programs.interfaceOf(digest, record)).toEqual({
      kind,
      name,
      parameters,
      growth,
      sure,
      isAlone,
    });
  });

  test("is asked for at the door: number, types, signers", () => {
    const { alice, bob } = world;
    const codeOf = (...given: Parameters<typeof invoke>[2]["arguments"][number][]): string => {
      const { body } = invoke(world, alice, { nonce: 0, intent: "transfer", arguments: given });
      if (body.type !== "invoke") throw new Error("a call");
      const overlay = createStateOverlay(world.state.tree);
      const found = findPrograms(body, (call) => findProgram(call, overlay));
      if ("code" in found) return found.code;
      const fitting = fitCalls(body, found, createPrograms());
      return "code" in fitting ? fitting.code : "fits";
    };
    const [from, to, amount] = [accountArgument(alice.id), accountArgument(bob.id), 1n];

    expect(codeOf(from, to, amountArgument(amount))).toBe("fits");
    expect(codeOf(from, to)).toBe("arguments");
    expect(codeOf(from, amountArgument(amount), to)).toBe("arguments");
    expect(codeOf(to, from, amountArgument(amount))).toBe("signers");
  });
});
