import type { RoomPlan } from "../plan.ts";

/**
 * Rooms of `packages/pbft`. Drivers are above the engine, and the rules of the protocol above its
 * state and its data.
 */
export const PBFT: RoomPlan = {
  replica: {
    holds: "the driver of the engine: application, disk, timers, network",
    imports: `
      recover step inbox listening interface timing blocks evidence hearing joining
      peers state effect own-key config input record schedule authenticate errors
      ports statement`,
  },
  recover: {
    holds: "a state from the signing log and the head",
    imports: `
      step listening normal-case leader replay timing evidence hearing step-context state
      config record schedule ports`,
  },
  step: {
    holds: "the engine: one input, the next state and its effects",
    imports: `
      message catch-up pacemaker listening suspend normal-case leader hearing evidence
      step-context state effect config input`,
  },
  inbox: {
    holds: "from what peers send to inputs: triage, budgets, signatures",
    imports: `
      catch-up view-change interface state effect config input schedule authenticate
      books statement`,
  },
  message: {
    holds: "an authenticated message to the rule of its type",
    imports: `
      catch-up listening view-change normal-case leader timing evidence step-context books
      statement`,
  },
  "catch-up": {
    holds: "final blocks of others, and messages of the next sequence",
    imports: `
      listening view-change normal-case leader replay timing evidence step-context state
      record schedule books ports statement`,
  },
  pacemaker: {
    holds: "timers that ran out, and work that arrived",
    imports: "listening normal-case leader views timing evidence step-context state input",
  },
  listening: {
    holds: "silence until it is known what was signed before",
    imports: `
      view-change normal-case leader timing hearing step-context state effect own-key config
      input record books ports statement`,
  },
  suspend: {
    holds: "a signing log that takes nothing, and takes something again",
    imports: "view-change normal-case leader step-context",
  },
  "view-change": {
    holds: "requests for a later view, and its beginning",
    imports: `
      normal-case leader views timing blocks evidence step-context state effect schedule
      books`,
  },
  "normal-case": {
    holds: "from a proposal to a commit certificate",
    imports: "views timing blocks evidence step-context state config record schedule books ports",
  },
  leader: {
    holds: "proposing, and justifying a later view",
    imports: "timing blocks evidence step-context state input schedule books",
  },
  views: {
    holds: "asking for a view, and entering it",
    imports: "timing step-context state effect",
  },
  interface: {
    holds: "options, status and events of a replica",
    imports: "hearing joining state effect config input authenticate errors ports",
  },
  replay: {
    holds: "what the log holds of a sequence, taken up again",
    imports: "blocks step-context state record",
  },
  timing: {
    holds: "how long to wait, and what for",
    imports: "hearing step-context state config schedule books",
  },
  blocks: {
    holds: "blocks of the current sequence",
    imports: "step-context state schedule",
  },
  file: {
    holds: "the signing log in a file, blocks and state in a folder",
    imports: "application record errors ports",
  },
  application: {
    holds: "a state machine as an application: its pool of items, its blocks and state",
    imports: "plain-chain schedule errors ports",
  },
  evidence: {
    holds: "offences: found, kept, told, proposed",
    imports: "step-context state record books",
  },
  hearing: {
    holds: "what the answers of others allow to sign",
    imports: "step-context state effect books",
  },
  sync: {
    holds: "the state of a later block, from the snapshots of peers",
    imports: "joining light peers schedule ports",
  },
  joining: {
    holds: "history that this replica did not see happen",
    imports: "peers config authenticate errors ports",
  },
  "step-context": {
    holds: "a transition in the making",
    imports: "state effect config input",
  },
  peers: {
    holds: "requests to peers, and answers to theirs",
    imports: "state ports",
  },
  state: {
    holds: "a replica's whole memory",
    imports: "own-key config record books ports",
  },
  effect: {
    holds: "what the driver must do",
    imports: "input record books statement",
  },
  "own-key": {
    holds: "the keys of this validator",
    imports: "config",
  },
  "plain-chain": {
    holds: "heads and blocks of applications without a ledger",
    imports: "schedule ports",
  },
  config: {
    holds: "what is fixed for the life of a replica",
    imports: "errors",
  },
  input: {
    holds: "what can happen to a replica",
    imports: "ports",
  },
  light: {
    holds: "following headers by certificates alone",
    imports: "errors",
  },
  record: {
    holds: "entries of the signing log",
    imports: "errors",
  },
  schedule: {
    holds: "who leads, from the record of leaders",
    imports: "errors ports",
  },
  authenticate: {
    holds: "signatures and form of what peers send",
    imports: "",
  },
  books: {
    holds: "plain data of the state: votes, requests, measures",
    imports: "",
  },
  errors: {
    holds: "the error class",
    imports: "",
  },
  ports: {
    holds: "what a replica needs of the world",
    imports: "",
  },
  statement: {
    holds: "what a replica signs",
    imports: "",
  },
};
