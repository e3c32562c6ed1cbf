import type { ChainParameters } from "../ledger/parameters.ts";
import {
  basisPoints,
  blocks,
  bytes,
  milliseconds,
  plainNumber,
  solverUnits,
  tokens,
  type Unit,
  yesOrNo,
} from "./units.ts";

/** Unit and comment of a parameter in a file. */
export interface ParameterLine {
  // Unit of the parameter's value: a number, an amount or a choice.
  readonly unit: Unit<number> | typeof tokens | typeof yesOrNo;
  /** Comment above the line. */
  readonly comment: string;
}

type PlainParameter = Exclude<keyof ChainParameters, "judge">;

/** Lines of all parameters except `judge`, in the order of the file. */
export const PARAMETER_LINES: Readonly<Record<PlainParameter, ParameterLine>> = {
  minBlockIntervalMs: {
    unit: milliseconds,
    comment: "Least time between a block and its parent.",
  },
  heartbeatIntervalMs: {
    unit: milliseconds,
    comment: "Without any other reason, a block is due after this time. 0 ms: never.",
  },
  clockPrecisionMs: {
    unit: milliseconds,
    comment:
      "Most that a fresh proposal's time may be ahead of a voter's clock (best: half an interval) ...",
  },
  maxDriftMs: {
    unit: milliseconds,
    comment: "... and behind it.",
  },
  viewTimeoutMs: {
    unit: milliseconds,
    comment: "Time-out of a first view; it grows by half with each view ...",
  },
  viewTimeoutMaxMs: {
    unit: milliseconds,
    comment: "... up to this. At least 2 x (judging + dissemination + 3 x delay), from below.",
  },
  judgingBoundMs: {
    unit: milliseconds,
    comment: "Most time from a proposal to every replica's own verdict.",
  },
  disseminationBoundMs: {
    unit: milliseconds,
    comment: "Most time for a block to reach every replica.",
  },
  networkDelayMs: {
    unit: milliseconds,
    comment: "Most one-way network delay that the time-outs allow for.",
  },
  checkpointInterval: {
    unit: blocks,
    comment: "From one snapshot of the state to the next, from which nodes join.",
  },
  epochMs: { unit: milliseconds, comment: "The validator set changes this often at most." },
  blockBytesMax: { unit: bytes, comment: "Most that the proofs of a block may take." },
  blockResourceMax: { unit: solverUnits, comment: "Most solver work in a block." },
  blockUnitsMax: { unit: solverUnits, comment: "Most work in a block beside the solver's." },
  stateGrowthMax: { unit: bytes, comment: "Most that a block may add to the state." },
  proofResourceMax: { unit: solverUnits, comment: "Most solver work for one proof." },
  baseReward: { unit: tokens, comment: "Minted for each million of difficulty ..." },
  emissionPerSecond: {
    unit: tokens,
    comment: "... but no more than this for each second, before the first halving.",
  },
  halvingMs: { unit: milliseconds, comment: "The emission of a second halves this often." },
  emissionTotal: { unit: tokens, comment: "Most ever minted." },
  proposerBonusBasisPoints: {
    unit: basisPoints,
    comment: "Part of a reward that goes to the proposer when all power has signed.",
  },
  resourcePrice: { unit: tokens, comment: "Price of a million solver units." },
  judgingUnits: {
    unit: solverUnits,
    comment:
      "Paid for each judged proof beside the units it used: setting up a solver is work too.",
  },
  bytePrice: { unit: tokens, comment: "Price of a KiB of proof." },
  invokeBaseFeeMin: {
    unit: tokens,
    comment: "Least base fee of calls: burned for a thousandth of their half of a block.",
  },
  judgedBaseFeeMin: { unit: tokens, comment: "The same for proofs that go to the Judge." },
  creationFee: { unit: tokens, comment: "Burned for each account that a transaction makes." },
  statePrice: { unit: tokens, comment: "Burned for each KiB that a publication leaves behind." },
  depositPrice: {
    unit: tokens,
    comment: "Locked for each byte of a contract's cell, and returned when the cell is removed.",
  },
  burnBasisPoints: { unit: basisPoints, comment: "Part of each fee that is burned." },
  slashDoubleSignBasisPoints: {
    unit: basisPoints,
    comment: "Part of the stake that double signing or a hidden lock costs.",
  },
  slashVerificationBasisPoints: {
    unit: basisPoints,
    comment: "Part of the stake that a provably wrong verification costs.",
  },
  minimumStake: { unit: tokens, comment: "Least stake of a validator." },
  unbondingMs: {
    unit: milliseconds,
    comment: "How long unbonding stake can still be slashed.",
  },
  absenceMs: {
    unit: milliseconds,
    comment: "Jailed is who casts no vote for this long, in whole epochs. At least an epoch.",
  },
  invokeDifficulty: {
    unit: plainNumber,
    comment: "Difficulty of a million units of an invoke's execution.",
  },
  solverTheoremsMint: {
    unit: yesOrNo,
    comment: "yes: a theorem mints although only the solver vouches for it. no: certified ones do.",
  },
};

/** Names of the parameters in the order of the file. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- keys of this table
export const PARAMETER_NAMES = Object.keys(PARAMETER_LINES) as readonly PlainParameter[];
