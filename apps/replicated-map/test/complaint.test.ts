import { constants } from "node:os";
import { P2pError } from "@aethel/p2p";
import { PbftError, type PbftFault } from "@aethel/pbft";
import { storageFailure } from "@aethel/pbft/file";
import { expect, test } from "vitest";
import { complaintOf } from "../src/complaint.ts";

const PATH = "/net/node-1/chain";
const SENTENCE = /^[^\n]+\. Next: [^\n]+\.$/;

const systemError = (code: string, facts: object): Error =>
  Object.assign(new Error(`${code}: it failed, open`), { code, ...facts });

test("every error of the system is a sentence with its name, its place and the next step", () => {
  for (const code of Object.keys(constants.errno)) {
    const plain = systemError(code, { path: PATH });
    const stored = storageFailure(PATH, systemError(code, {}));
    for (const complaint of [plain, stored].map(complaintOf)) {
      expect(complaint).toMatch(SENTENCE);
      expect(complaint).toContain(PATH);
      expect(complaint).toContain(code);
    }
  }
});

test("a port that is in use is named, for peers and for requests", () => {
  const address = "/ip4/127.0.0.1/tcp/7";
  const reason = `no address\n\t${address}: Error: listen EADDRINUSE: address already in use`;
  const peers = new P2pError({ code: "LISTEN", addresses: [address], reason });
  const requests = systemError("EADDRINUSE", { port: 7, syscall: "listen" });

  expect(complaintOf(peers)).toMatch(/^\/ip4\/127.0.0.1\/tcp\/7 is in use .*Next: .*network.json/);
  expect(complaintOf(requests)).toMatch(/^port 7 is in use .*Next: .*network.json/);
});

const path = PATH;
const remedy = "do this";
const reason = "it is so";
const FAULTS: readonly PbftFault[] = [
  { code: "SIGNING_STATE_MISSING", path, remedy },
  { code: "SIGNING_STATE_DAMAGED", path, offset: 9, reason, remedy },
  { code: "SIGNING_STATE_OLD", voted: 7, signed: 5, remedy },
  { code: "SIGNING_STATE_LOCKED", path, pid: 7, host: "here", remedy },
  { code: "LOCKED", path, pid: 0, host: "" },
  { code: "SIGNING_STATE_TAKEN", path, reason, remedy },
  { code: "CHAIN_DAMAGED", sequence: 7, reason, remedy },
];

test.each(FAULTS)("$code is a sentence with the next step", (fault) => {
  const complaint = complaintOf(new PbftError(fault));

  expect(complaint).toMatch(SENTENCE);
  expect(complaint).not.toContain(fault.code);
});
