/** Bytes of heap that one replica's engine holds in the middle of a round of n validators. */
import {
  createValidatorSet,
  sha256,
  toAccountId,
  toAmount,
  toDigest,
  toPublicKey,
  toSignature,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import { createConfig, createState, type State, step } from "../src/index.ts";
import { parameters } from "../test/cluster-options.ts";
import { Counter } from "../test/counter.ts";
import { GENESIS } from "../test/keys.ts";

const n = Number(process.argv[2]);
const replicas = 10;
const bytes = (...from: readonly number[]): Uint8Array =>
  sha256(new Uint8Array(from.flatMap((each) => [each & 255, each >> 8])));
const set = createValidatorSet(
  Array.from({ length: n }, (_, at) => ({
    id: toAccountId(bytes(at)),
    key: toPublicKey(bytes(at, 1)),
    power: toAmount(1n),
  })),
);
const { head } = new Counter(GENESIS, set);
const config = createConfig({ genesis: GENESIS, id: toAccountId(bytes(n + 1)), parameters });

/** Every replica gets messages of its own, as if each had decoded them from its own socket. */
function inTheMiddle(replica: number): State {
  let state = createState(config, head);
  for (const type of ["prepare", "commit"] as const) {
    for (let voter = 0; voter < n; voter++) {
      const half = bytes(voter, replica, type.length);
      const message = {
        type,
        sequence: state.sequence,
        view: toView(0),
        digest: toDigest(bytes(replica)),
        voter: toValidatorIndex(voter),
        signature: toSignature(new Uint8Array([...half, ...half])),
      };
      state = step(config, state, { type: "message", message, from: undefined, now: 0 }).state;
    }
  }
  return state;
}

const warm = inTheMiddle(-1);
globalThis.gc?.();
const before = memory();
const states = Array.from({ length: replicas }, (_, replica) => inTheMiddle(replica));
globalThis.gc?.();
const after = memory();
const held = states.filter(({ committed }) => committed !== undefined).length;
process.send?.({ bytes: (after - before) / replicas, held, warm: warm.sequence });
process.disconnect?.();

function memory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
