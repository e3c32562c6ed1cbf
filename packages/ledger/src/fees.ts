import {
  type Amount,
  type ChainParameters,
  type Difficulty,
  Proof,
  type ProofBody,
  type Resource,
  toAmount,
  toResource,
  toSignature,
} from "@aethel/models";
import {
  difficultyOfExecution,
  feeFor,
  judgedUnits,
  requiredFee,
  type SplitFee,
  splitFee,
} from "@aethel/rewards";

import type { Judged } from "./ports.ts";

const EMPTY_SIGNATURE = toSignature(new Uint8Array(64));

/**
 * Least fee limit with which a proof may enter a block: the price of its whole resource limit and
 * its bytes. For an invoke, also what burns enough for the difficulty that it could reach.
 */
export function leastFeeLimit(body: ProofBody, bytes: number, parameters: ChainParameters): Amount {
  const work = { resource: pricedUnits(body, body.resourceLimit, parameters), bytes };
  if (body.type !== "invoke") return feeFor(work, parameters);
  const difficulty = difficultyOfExecution(body.resourceLimit, parameters);
  return requiredFee({ ...work, difficulty, ageMs: EARLIEST_MS }, parameters);
}

/** What suffices in the first block suffices in every later one. */
const EARLIEST_MS = 0;

/** What a proof used, and the difficulty that it will mint for; 0 when nothing. */
export interface Usage {
  /** Age of the chain at the parent of the block, in milliseconds. */
  readonly ageMs: number;
  readonly used: Resource;
  readonly minting: Difficulty;
  /** Length of the proof, and of the certificates that the state keeps of it. */
  readonly bytes: number;
}

/**
 * Units that a judged proof pays for and takes of its block: those that were used. All of its limit
 * where that did not suffice to decide, since every validator had to go that far; what was decided
 * and only lacks a certificate ended before.
 */
export function chargedUnits(judged: Judged, limit: Resource): Resource {
  const isExhausted = judged.verdict === "unknown" && judged.code !== "uncertified";
  return isExhausted ? limit : toResource(Math.min(judged.resource, limit));
}

/**
 * Whether the fee limit burns enough for what the difficulty would mint. If not, a valid proof is
 * `forbidden`: it pays and is not recorded.
 */
export function coversBurnFloor(
  body: ProofBody,
  usage: Usage,
  parameters: ChainParameters,
): boolean {
  return leastCharge(body, usage, parameters) <= body.feeLimit;
}

/**
 * What is charged: `max(ceil(feeLimit x used / resourceLimit), least charge)`, at most the fee
 * limit; all of it when the whole limit was used. In two parts: what is burned, and the rest.
 */
export function chargeFor(body: ProofBody, usage: Usage, parameters: ChainParameters): SplitFee {
  const limit = BigInt(body.resourceLimit);
  const share = (body.feeLimit * BigInt(usage.used) + limit - 1n) / limit;
  const least = leastCharge(body, usage, parameters);
  const wanted = share > least ? share : least;
  const charged = wanted < body.feeLimit ? wanted : body.feeLimit;
  return splitFee(toAmount(charged), parameters);
}

function leastCharge(
  body: ProofBody,
  { used, minting, bytes, ageMs }: Usage,
  parameters: ChainParameters,
): Amount {
  const resource = pricedUnits(body, used, parameters);
  return requiredFee({ resource, bytes, difficulty: minting, ageMs }, parameters);
}

function pricedUnits(body: ProofBody, used: Resource, parameters: ChainParameters): Resource {
  return body.type === "invoke" ? used : judgedUnits(used, parameters);
}

/**
 * A fee limit that suffices for a proof whose difficulty is known or guessed: for its whole
 * resource limit, its bytes and those of its certificate, and the burn floor of that difficulty.
 * For tools that submit; the fee limit of `body` is not looked at.
 */
export function quoteFeeLimit(options: {
  readonly body: ProofBody;
  /** Difficulty that mints: 0 for a theorem that will not be certified, where those mint nothing. */
  readonly difficulty: Difficulty;
  /** Length of the Judge's certificate. Default: none is stored. */
  readonly certificateBytes?: number;
  readonly parameters: ChainParameters;
}): Amount {
  const { body, difficulty, certificateBytes = 0, parameters } = options;
  const bytes = bytesOf(body) + certificateBytes;
  const least = leastFeeLimit(body, bytes, parameters);
  const usage = { used: body.resourceLimit, minting: difficulty, bytes, ageMs: EARLIEST_MS };
  const floor = leastCharge(body, usage, parameters);
  return toAmount(floor > least ? floor : least);
}

/** Length of the proof's encoding once it is signed. */
function bytesOf(body: ProofBody): number {
  const count = body.type === "invoke" ? 1 + body.cosigners.length : 1;
  const signatures = Array.from({ length: count }, () => EMPTY_SIGNATURE);
  return Proof.encode({ body, signatures }).length;
}
