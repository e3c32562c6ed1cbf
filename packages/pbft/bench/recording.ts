import type { ConsensusMessage } from "@aethel/models";
import { createRememberingVerify } from "../src/inbox/remembering-verify.ts";
import {
  authenticate,
  type Config,
  createState,
  type Input,
  type State,
  step,
} from "../src/index.ts";
import { Cluster } from "../test/cluster.ts";
import { GENESIS } from "../test/keys.ts";

/** All inputs of one replica over some blocks, so that they can be played to its engine again. */
export interface Recording {
  readonly config: Config;
  readonly initial: State;
  readonly inputs: readonly Input[];
  readonly blocks: number;
}

/** Runs a network of `n` and records what its second replica gets. */
export function record(options: {
  readonly n: number;
  readonly blocks: number;
  readonly scheme: "trusted" | "ed25519";
}): Recording {
  const { n, blocks, scheme } = options;
  const inputs: Input[] = [];
  const cluster: Cluster = new Cluster({
    powers: Array.from({ length: n }, () => 1),
    scheme,
    onStep: (node, occurrence) => {
      if (node === 1) inputs.push({ ...occurrence, now: cluster.now });
    },
  });
  const { config, app } = cluster.node(1);
  const initial = createState(config, app.head);
  cluster.startAll();
  for (let goal = 1; goal <= blocks; goal++) {
    cluster.work();
    const reached = (): boolean => cluster.heights().every((height) => height >= goal);
    if (!cluster.run({ forMs: 10_000, until: reached })) throw new Error("no progress");
  }
  return { config, initial, inputs, blocks };
}

/** The steps alone; returns how many effects they had, so that nothing is optimized away. */
export function play({ config, initial, inputs, blocks }: Recording): number {
  let [state, effects] = [initial, 0];
  for (const input of inputs) {
    const transition = step(config, state, input);
    state = transition.state;
    effects += transition.effects.length;
  }
  if (state.sequence !== blocks + 1) throw new Error("another run than the one recorded");
  return effects;
}

/** The steps, and before each of a message its check as the replica does it, starting afresh. */
export function playVerified({ config, initial, inputs }: Recording): number {
  const verify = createRememberingVerify();
  let [state, effects] = [initial, 0];
  for (const input of inputs) {
    if (input.type === "message" && !isGenuine(input.message, state, verify)) {
      throw new Error("a message that does not authenticate");
    }
    const transition = step(config, state, input);
    state = transition.state;
    effects += transition.effects.length;
  }
  return effects;
}

function isGenuine(
  message: ConsensusMessage,
  state: State,
  verify: ReturnType<typeof createRememberingVerify>,
): boolean {
  const { validators: set, previousValidators: previousSet } = state.head;
  return authenticate(message, { genesis: GENESIS, set, previousSet, verify }) === undefined;
}
