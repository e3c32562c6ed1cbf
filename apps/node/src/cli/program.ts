import { Command } from "commander";
import { addCertify, addFmt, addJudge } from "./claim-commands.ts";
import { explainComplaints } from "./complaint.ts";
import { addCall, addContracts, addPublish, addState } from "./contract-commands.ts";
import { addGenesis, addInit, addKeys } from "./founding-commands.ts";
import { addLocalnet } from "./localnet-command.ts";
import { addCheck, addPrune, addRotateKey, addSigningState, addStart } from "./node-commands.ts";
import { addPeers } from "./peer-commands.ts";
import { addQuote, addSubmit } from "./proof-commands.ts";
import { addCheckpoint, addEvidence, addStatus, addValidators } from "./query-commands.ts";

/**
 * Creates the program `aethel`, which parses the command line and runs one command. The exit code
 * of a command is in `process.exitCode`. The code of a command is loaded when it runs, so `aethel
 * --help` needs neither Z3 nor libp2p.
 */
export function createProgram(version: string): Command {
  const program = new Command("aethel")
    .description("A Byzantine-fault-tolerant ledger on which unproven code cannot run")
    .version(version)
    .exitOverride();
  addJudge(program);
  addCertify(program);
  addFmt(program);
  addKeys(program);
  addGenesis(program);
  addInit(program);
  addStart(program);
  addRotateKey(program);
  addSigningState(program);
  addCheck(program);
  addPrune(program);
  addSubmit(program);
  addQuote(program);
  addPublish(program);
  addCall(program);
  addContracts(program);
  addState(program);
  addStatus(program);
  addCheckpoint(program);
  addValidators(program);
  addEvidence(program);
  addPeers(program);
  addLocalnet(program);
  explainComplaints(program);
  return program;
}
