import type { RoomPlan } from "../plan.ts";

/**
 * Rooms of `apps/node`. The command line is above the parts of a node and above the client of a
 * node's API. Both of these import `api`.
 */
export const NODE: RoomPlan = {
  main: { holds: "the entry of the process", imports: "cli failure terminal version" },
  cli: { holds: "the commands' flags, as commander reads them", imports: "commands" },
  commands: {
    holds: "a file for each command",
    imports: `
      demo localnet runtime data-directory contract config keys storage files client judge api
      failure terminal version`,
  },
  demo: {
    holds: "the sample proofs on a local network, told as they happen",
    imports: "localnet client config api failure terminal",
  },
  localnet: {
    holds: "validators as child processes on one machine",
    imports: "data-directory config keys files client failure",
  },
  runtime: {
    holds: "the parts of a node put together, its log and its events",
    imports: "http health config keys storage files judge api terminal",
  },
  http: {
    holds: "the routes of the API, and what is kept for its readers",
    imports: "health storage api failure",
  },
  "data-directory": {
    holds: "making and opening a data directory",
    imports: "config files failure",
  },
  contract: {
    holds: "contracts for people: names, arguments, limits, signatures of several",
    imports: "keys files client api failure terminal",
  },
  config: { holds: "configuration, genesis and checkpoint", imports: "files failure" },
  keys: { holds: "encrypted key files, passwords and cards", imports: "files failure terminal" },
  storage: { holds: "the ledger in an LMDB environment", imports: "files failure" },
  files: { holds: "the layout of a data directory, its lock, durable writes", imports: "failure" },
  client: { holds: "the other side of the API, and what is sent to it", imports: "api failure" },
  health: {
    holds: "why nothing becomes final: facts, numbers, next steps",
    imports: "failure terminal",
  },
  judge: { holds: "reports on files that were judged", imports: "terminal" },
  api: { holds: "JSON of the API, for both sides", imports: "" },
  failure: { holds: "errors with a code and a next step", imports: "terminal" },
  terminal: { holds: "text, colours and tables of a terminal", imports: "" },
  version: { holds: "the version of the app", imports: "" },
};
