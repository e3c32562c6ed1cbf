import { emptyTree, type Tree } from "@aethel/merkle";
import {
  type Amount,
  blockDigest,
  ChainParameters,
  callResultsRoot,
  checkGenesis,
  createGenesisHeader,
  createValidatorSet,
  type Genesis,
  hashGenesis,
  LedgerHeader,
  toAmount,
  toDifficulty,
  toSequence,
  type ValidatorSet,
} from "@aethel/models";
import { findEconomicProblems } from "@aethel/rewards";
import { compileContract } from "@aethel/verifier";
import { LedgerError } from "../errors.ts";
import { floorsOf } from "../fees/price.ts";
import { certifyPrograms } from "../programs/certificates.ts";
import type { Judged, Judgement, JudgePort } from "../programs/judge-port.ts";
import type { Programs } from "../programs/programs.ts";
import { recordProgram } from "../programs/record-claim.ts";
import type { Recording } from "../programs/recording.ts";
import { credit } from "../state/accounts.ts";
import { foundAsset } from "../state/assets.ts";
import { clockAtGenesis } from "../state/clock.ts";
import { type LedgerState, validatorSetCoding } from "../state/ledger-state.ts";
import { BaseFees, Clock, Supply, TREASURY } from "../state/records.ts";
import { stateKey } from "../state/state-key.ts";
import { createStateOverlay, type StateOverlay } from "../state/state-overlay.ts";
import { ValidatorRecord } from "../state/validator-records.ts";
import { openFirstTerms } from "../validators/key-terms.ts";
import { readValidator, registerValidator } from "../validators/stake.ts";
import { genesisSources } from "./faucet.ts";
import { foundContract } from "./genesis-contracts.ts";

/**
 * Creates the state and the header of sequence 0. Both follow from the genesis and from the Judge's
 * answers about its intents, so all nodes get the same digest.
 * @throws ModelsError `GENESIS`, LedgerError `ECONOMICS`, or LedgerError `GENESIS_INTENT` if an
 * intent is not valid with a certificate: a chain MUST NOT start on unproven code.
 */
export async function createGenesisState(
  genesis: Genesis,
  tools: {
    readonly judge: JudgePort;
    readonly programs: Programs;
    readonly signal?: AbortSignal;
    readonly emptyTree?: Tree;
  },
): Promise<LedgerState> {
  checkGenesis(genesis);
  const resourceLimit = genesis.parameters.proofResourceMax;
  const judgements = await Promise.all(
    genesisSources(genesis).map((source) =>
      tools.judge.check(
        { type: "publish", source, privileged: true },
        {
          resourceLimit,
          patience: "none",
          ...(tools.signal === undefined ? {} : { signal: tools.signal }),
        },
      ),
    ),
  );
  const { programs, emptyTree } = tools;
  return genesisState(genesis, judgements.map(demandValid), programs, emptyTree);
}

/**
 * Computes the genesis state from the judgements of the intents. This is the pure part of
 * `createGenesisState`. `judged[i]` is the judgement of `intents[i]`. If the genesis names a
 * faucet, the last judgement is that of the faucet's intent. The tree gets the hasher of `empty`.
 */
export function genesisState(
  genesis: Genesis,
  judged: readonly Judged[],
  programs: Programs,
  empty: Tree = emptyTree,
): LedgerState {
  const { parameters, validators, accounts, assets, timestamp } = checkGenesis(genesis);
  const problems = findEconomicProblems(parameters);
  if (problems.length > 0) throw new LedgerError({ code: "ECONOMICS", problems });
  const overlay = createStateOverlay(empty);
  for (const { id, balance } of accounts) credit(overlay, id, balance);
  for (const asset of assets) foundAsset(overlay, asset);
  for (const validator of validators) foundValidator(overlay, validator);
  publishSources(overlay, { genesis, judged, programs });
  const supply = supplyIn(genesis);
  const clock = clockAtGenesis(timestamp);
  overlay.write(stateKey.supply, Supply, { genesis: supply, minted: ZERO, burned: ZERO });
  overlay.write(stateKey.parameters, ChainParameters, parameters);
  overlay.write(stateKey.baseFees, BaseFees, floorsOf(parameters));
  overlay.write(stateKey.clock, Clock, clock);
  const votingSet = writeFirstSet(overlay, validators);

  const changes = overlay.changes();
  const tree = empty.update(changes.map(({ key, after }) => ({ key, value: after })));
  const chain = hashGenesis(genesis);
  const header = createGenesisHeader({
    chain,
    timestamp,
    validators: votingSet,
    // Nobody proposed it; the treasury's id is the one name that no validator can have.
    proposer: TREASURY,
    application: LedgerHeader.encode({
      callResultsRoot: callResultsRoot([]),
      stateRootBefore: empty.root,
      stateRootAfter: tree.root,
      supplyBefore: ZERO,
      supplyAfter: supply,
      totalDifficulty: toDifficulty(0),
      judgeVersion: parameters.judge.version,
    }),
  });
  const digest = blockDigest(header);
  return { chain, parameters, tree, header, digest, clock, votingSet, previousSet: votingSet };
}

const ZERO = toAmount(0n);

type GenesisValidator = Genesis["validators"][number];

function foundValidator(overlay: StateOverlay, { id, key, stake }: GenesisValidator): void {
  registerValidator(overlay, { id, key });
  const record = readValidator(overlay, id);
  overlay.write(stateKey.validator(id), ValidatorRecord, { ...record, stake, status: "active" });
}

/** Writes the records of the intents and contracts of the genesis, and of the faucet's intent. */
function publishSources(
  overlay: StateOverlay,
  of: {
    readonly genesis: Genesis;
    readonly judged: readonly Judged[];
    readonly programs: Programs;
  },
): void {
  const { genesis, judged, programs } = of;
  const { version: judgeVersion, kernelVersion } = genesis.parameters.judge;
  genesisSources(genesis).forEach((source, at) => {
    const said = judged[at];
    if (said === undefined) refuseIntent(at, "was not judged");
    const { difficulty } = said;
    const about = { author: TREASURY, difficulty, judgeVersion, sequence: toSequence(0) };
    const recording = { overlay, programs, about, kernelVersion };
    const compiled = compileContract(source);
    const reason =
      compiled.type === "contract"
        ? foundContract(compiled.contract, said, recording)
        : foundIntents(source, said, recording);
    if (reason !== undefined) refuseIntent(at, reason);
  });
}

/** Publishes intents in the genesis. Returns the reason if that is not possible. */
function foundIntents(
  source: Uint8Array,
  judged: Judged,
  recording: Omit<Recording, "room">,
): string | undefined {
  const { programs } = recording;
  const compiled = programs.compile(source, "genesis");
  if (!compiled.every((program) => programs.isStorable(program, "genesis"))) {
    return "has a canonical text that exceeds the language's limits";
  }
  const certified = certifyPrograms(compiled, judged);
  if (certified === undefined) return uncertified(judged);
  for (const one of certified) recordProgram(one, "genesis", recording);
  return undefined;
}

/** Returns the sum of all balances and stakes of a genesis, in micro-tokens. */
function supplyIn({ accounts, validators }: Genesis): Amount {
  const held = [...accounts.map((a) => a.balance), ...validators.map((v) => v.stake)];
  return toAmount(held.reduce<bigint>((sum, value) => sum + value, 0n));
}

/**
 * Writes the validator set that votes on the first blocks, and records that its keys vote from
 * sequence 1 on.
 */
function writeFirstSet(
  overlay: StateOverlay,
  validators: readonly GenesisValidator[],
): ValidatorSet {
  const set = createValidatorSet(
    validators.map(({ id, key, stake }) => ({ id, key, power: stake })),
  );
  openFirstTerms(overlay, set);
  overlay.write(stateKey.votingSet, validatorSetCoding, set);
  overlay.write(stateKey.previousSet, validatorSetCoding, set);
  return set;
}

function demandValid(judgement: Judgement, at: number): Judged {
  switch (judgement.type) {
    case "judged":
      if (judgement.code === "uncertified") return refuseIntent(at, uncertified(judgement));
      if (judgement.verdict === "valid") return judgement;
      return refuseIntent(at, `is ${judgement.verdict}: ${judgement.reason ?? "no reason given"}`);
    case "rejected": {
      const [first] = judgement.diagnostics;
      return refuseIntent(at, `was rejected: ${first?.message ?? "no reason given"}`);
    }
    case "abstained":
      return refuseIntent(at, `could not be judged here: ${judgement.reason}`);
  }
}

/**
 * Returns the reason for which an intent is not certified. It is the Judge's reason, which names
 * the obligation, if the Judge gave one.
 */
function uncertified(judged: Judged): string {
  const { reason = "the solver proved it, and there is no certificate of each intent" } = judged;
  return `is uncertified: ${reason}`;
}

function refuseIntent(at: number, reason: string): never {
  throw new LedgerError({ code: "GENESIS_INTENT", at, reason });
}
