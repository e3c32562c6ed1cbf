import {
  createValidatorSet,
  type Genesis,
  hashGenesis,
  itemOf,
  type ValidatorSet,
} from "@aethel/models";
import {
  type ApplicationOptions,
  createApplication,
  createMemoryChainStore,
  type StateMachine,
} from "@aethel/pbft";
import type { ApplicationKind, OpenApplication } from "./application-kind.ts";

/** Options of `stateMachineKind`. */
export interface StateMachineKind<State> extends Pick<ApplicationOptions<State>, "coding"> {
  /** Name in reports and replays. */
  readonly name: string;
  /**
   * Creates the state machine of one node. All nodes of a world share one process, so a machine
   * that keeps anything outside of its state MUST NOT share it with other machines.
   */
  readonly machine: () => StateMachine<State>;
  /** Makes the bytes of the item with number `count`. Numbers begin at 0. */
  readonly work: (count: number) => Uint8Array;
}

/**
 * Makes a kind of application from a state machine, with `createApplication`. Blocks and saved
 * states outlive a crash of the node; the mempool does not.
 */
export function stateMachineKind<State>(options: StateMachineKind<State>): ApplicationKind {
  const { name, machine, work, coding } = options;
  return {
    name,
    intents: [],
    create: async (genesis) => {
      const chain = { genesis: hashGenesis(genesis), validators: setOf(genesis) };
      let count = 0;
      return {
        createNode: () => {
          const store = createMemoryChainStore();
          const kept = coding === undefined ? { store } : { store, coding };
          return async () => open(await createApplication({ ...machine(), ...chain, ...kept }));
        },
        work: () => {
          count += 1;
          return itemOf(work(count - 1));
        },
      };
    },
  };
}

function open(application: Awaited<ReturnType<typeof createApplication>>): OpenApplication {
  return {
    application,
    submit: ({ bytes }) => {
      const submission = application.submit(bytes);
      if (submission.type === "accepted") return "accepted";
      return submission.type === "refused" && submission.code === "full" ? "later" : "refused";
    },
  };
}

function setOf({ validators }: Genesis): ValidatorSet {
  return createValidatorSet(validators.map(({ id, key, stake }) => ({ id, key, power: stake })));
}
