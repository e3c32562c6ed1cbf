import type { RoomPlan } from "../plan.ts";

/**
 * Rooms of `packages/ledger`. Execution is above the rules that it applies, and the mempool is
 * beside it.
 */
export const LEDGER: RoomPlan = {
  "create-ledger": {
    holds: "opening a ledger: from its store, or from the genesis",
    imports: `
      running-ledger ledger application execution admission genesis programs state
      errors`,
  },
  "running-ledger": {
    holds: "an open ledger: the application of consensus, submissions, queries",
    imports: `
      ledger application mempool queries execution pending admission fees programs
      validators results state collections errors`,
  },
  ledger: {
    holds: "options and interface of a ledger",
    imports: "application mempool queries pending programs results state",
  },
  application: {
    holds: "blocks for consensus: built, kept until they are final, stored, reported",
    imports: `
      mempool execution slashing admission programs validators results state
      collections`,
  },
  mempool: {
    holds: "which proofs are taken, judged and served, and which give way",
    imports: "pending admission calls fees programs results metering state collections",
  },
  queries: {
    holds: "reading a state: records, listings, estimates of fees",
    imports: "execution calls fees programs validators results metering state",
  },
  execution: {
    holds: "a block and its proofs, executed on a state",
    imports: `
      admission calls fees history slashing programs validators results metering state`,
  },
  pending: {
    holds: "pending proofs, and the indices that find them",
    imports: "admission calls fees programs results metering state collections",
  },
  admission: {
    holds: "checks of a proof before it is executed",
    imports: "fees results metering state collections",
  },
  calls: {
    holds: "a call of a program: found, prepared, run, checked, applied",
    imports: "fees programs validators results metering state collections",
  },
  genesis: {
    holds: "state and header of sequence 0",
    imports: "fees programs validators state errors",
  },
  fees: {
    holds: "charges, base fees and quotes",
    imports: "programs metering state",
  },
  history: {
    holds: "conservation of value, and histories that are checked without execution",
    imports: "validators state",
  },
  slashing: {
    holds: "evidence of offences, and their cost",
    imports: "validators state",
  },
  programs: {
    holds: "what a source declares, what the Judge says of it, and its record",
    imports: "metering state collections",
  },
  validators: {
    holds: "stake, power, keys and rewards, and the set of the next epoch",
    imports: "results state",
  },
  results: {
    holds: "refusals, result codes and receipts",
    imports: "metering",
  },
  metering: {
    holds: "units of execution, and the room of a block",
    imports: "collections",
  },
  state: {
    holds: "keys and records of the tree, and the overlay that changes them",
    imports: "collections errors",
  },
  collections: {
    holds: "a heap, a hash table and a cache",
    imports: "",
  },
  errors: {
    holds: "the error class",
    imports: "",
  },
};
