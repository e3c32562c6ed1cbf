import type { RoomPlan } from "../plan.ts";

/**
 * Rooms of `packages/testkit`. A world (a simulated network) is assembled of nodes, faults and
 * checkers. The rooms that draw and measure worlds are above.
 */
export const TESTKIT: RoomPlan = {
  throughput: {
    holds: "what a Byzantine minority costs, measured and searched for",
    imports: `
      fuzzing test-network scenario byzantine checkers virtual-network fixtures
      random`,
  },
  fuzzing: {
    holds: "random worlds, their faults, and the shrinking of a world that fails",
    imports: `
      test-network scenario trace byzantine virtual-network errors random`,
  },
  "test-network": {
    holds: "a world put together, set going, and driven from a test",
    imports: `
      node scenario trace byzantine checkers virtual-network applications
      virtual-time errors fixtures random`,
  },
  compliance: {
    holds: "rules of a port, as cases that each implementation runs",
    imports: "arbitraries virtual-disk errors fixtures",
  },
  explore: {
    holds: "real engines in a small scope, held against the model",
    imports: "trace checkers applications fixtures model random",
  },
  node: {
    holds: "a production replica with virtual ports, through crashes and restarts",
    imports: `
      scenario byzantine checkers virtual-disk virtual-network applications
      virtual-time errors fixtures random`,
  },
  arbitraries: {
    holds: "fast-check arbitraries of the wire types",
    imports: "virtual-network fixtures",
  },
  scenario: {
    holds: "the options that determine a world, as JSON",
    imports: `
      byzantine virtual-disk virtual-network applications errors random`,
  },
  trace: { holds: "the event log, events as text, and counts", imports: "virtual-network" },
  byzantine: {
    holds: "strategies of Byzantine nodes",
    imports: "applications virtual-time errors fixtures messages random",
    rooms: {
      catalogue: {
        holds: "every strategy by name, and random choices of them",
        imports: "strategies timing behaviour",
      },
      strategies: { holds: "a file for each kind of misbehaviour", imports: "behaviour" },
      timing: { holds: "plans of delay, order and receivers", imports: "behaviour" },
      behaviour: { holds: "the interface of a strategy, and what it works with", imports: "" },
    },
  },
  checkers: {
    holds: "properties that are checked after every step",
    imports: "applications messages",
  },
  "virtual-disk": {
    holds: "a disk that loses, damages and refuses writes",
    imports: "virtual-time errors random",
  },
  "virtual-network": {
    holds: "links with delay, loss, partitions and ambushes",
    imports: "virtual-time errors random",
  },
  applications: {
    holds: "applications that a world replicates",
    imports: "errors fixtures random",
    rooms: {
      applications: {
        holds: "an application by its name",
        imports: "counter ledger application-kind",
      },
      counter: {
        holds: "a light application, with sets that change",
        imports: "application-kind key-changes",
      },
      ledger: {
        holds: "the production ledger, a Judge by table, and work for them",
        imports: "application-kind verify-once",
      },
      "state-machine-kind": {
        holds: "a state machine of one's own as an application",
        imports: "application-kind",
      },
      "application-kind": { holds: "interface of an application", imports: "key-changes" },
      "key-changes": { holds: "validators that vote with another key later", imports: "" },
      "verify-once": { holds: "signatures verified once for all nodes", imports: "" },
    },
  },
  "tiny-bounds": {
    holds: "a ledger with tiny bounds, played without a network",
    imports: "errors fixtures random",
  },
  "virtual-time": { holds: "the event queue, processes and clocks", imports: "fixtures" },
  errors: { holds: "the error class", imports: "" },
  fixtures: { holds: "keys, chains and a genesis, by name", imports: "" },
  forensics: { holds: "convictions from the logs of honest nodes", imports: "" },
  messages: { holds: "sequence and view of a message", imports: "" },
  model: {
    holds: "the abstract model of consensus, which shares no code with the engine",
    imports: "",
  },
  random: { holds: "random streams of a seed", imports: "" },
};
