import {
  AMOUNT_MAX,
  type Amount,
  type ChainParameters,
  type Difficulty,
  Proof,
  type ProofBody,
  SOURCE_BYTES_MAX,
  toAmount,
  toSignature,
} from "@aethel/models";
import { programUnits, recordUnits, type StoredClaim } from "../metering/units.ts";
import { callOf } from "../programs/sole-call.ts";
import type { BaseFees } from "../state/records.ts";
import { chargeFor, type Usage } from "./charge.ts";
import { mostStored } from "./most-stored.ts";
import { floorsOf, highestCap, mostUsed } from "./price.ts";
import type { Offered } from "./units.ts";

/** Inputs of a quote: a body, with facts or guesses about it. */
export interface QuoteOptions {
  readonly body: ProofBody;
  /**
   * Difficulty that mints: 0 for a theorem without a certificate, where such a theorem mints
   * nothing.
   */
  readonly difficulty: Difficulty;
  /** Length of the Judge's certificate. Default: none is stored. */
  readonly certificateBytes?: number;
  /** Length of the canonical text of the called program. Default: the longest possible. */
  readonly programBytes?: number;
  /**
   * Accounts and other entries that a call creates. Default: each account that it names, with a
   * holding or a stake.
   */
  readonly entries?: number;
  readonly parameters: ChainParameters;
  /** Base fees of the next block. Default: the floors. */
  readonly baseFees?: BaseFees;
}

/**
 * Returns a fee limit that suffices for a proof whose difficulty is known or guessed. It covers the
 * whole resource limit, the bytes of the proof and of its certificate, the growth of the state, the
 * burn floor of the difficulty, the tip, and four times the base fee, which takes twelve full
 * blocks in a row to reach. It is at most four times `mostCharged`. The unused part of a fee limit
 * is returned to the author. The fee limit of `body` is ignored.
 */
export function quoteFeeLimit(options: QuoteOptions): Amount {
  const { baseFees = floorsOf(options.parameters) } = options;
  const charged = mostCharged({ ...options, baseFees: raised(baseFees) });
  return toAmount(charged < AMOUNT_MAX ? charged : AMOUNT_MAX);
}

/** Returns the highest charge of a proof at these base fees. It may exceed the largest amount. */
export function mostCharged(options: QuoteOptions): bigint {
  const { body, parameters, baseFees = floorsOf(parameters) } = options;
  const prices = { parameters, baseFees, cap: highestCap(parameters) };
  return chargeFor(body, mostOf({ body, bytes: signedBytes(body) }, options), prices).charged;
}

/** Most that a proof uses, with its growth of the state. */
function mostOf(offered: Offered, options: QuoteOptions): Usage {
  const { body } = offered;
  const { difficulty, certificateBytes = 0, programBytes = SOURCE_BYTES_MAX, parameters } = options;
  if (body.type !== "invoke") {
    const stored = mostStored(body, certificateBytes, parameters);
    return judgedUsage(offered, stored, { difficulty, parameters });
  }
  const most = mostUsed(offered, parameters, { units: programUnits(programBytes) });
  const { entries = entriesOf(body) } = options;
  const minting = difficulty > most.minting ? difficulty : most.minting;
  return { ...most, minting, growth: { entries, bytes: 0 } };
}

/** Usage of a judged proof that uses its whole limit and leaves a claim of a given size. */
export function judgedUsage(
  offered: Offered,
  stored: StoredClaim,
  of: { readonly difficulty: Difficulty; readonly parameters: ChainParameters },
): Usage {
  const { canonical, certificates, keys } = stored;
  const more = { units: recordUnits(stored), bytes: certificates };
  const { taken } = mostUsed(offered, of.parameters, more);
  const bytes = canonical + certificates + keys * KEY_BYTES;
  return { taken, minting: of.difficulty, growth: { entries: 0, bytes } };
}

/**
 * Counts the entries that a call may create: each named account may be new, and so may its holding
 * of an asset.
 */
function entriesOf(body: Extract<ProofBody, { readonly type: "invoke" }>): number {
  const accounts = callOf(body).arguments.filter(({ type }) => type === "account").length;
  return 2 * accounts + body.cosigners.length;
}

function raised({ invoke, judged }: BaseFees): BaseFees {
  return { invoke: toAmount(invoke * HEADROOM), judged: toAmount(judged * HEADROOM) };
}

/** Factor by which the base fee may rise between a quote and the block. */
const HEADROOM = 4n;

/** Bytes that are charged for a key and its record, apart from texts and certificates. */
const KEY_BYTES = 256;

const EMPTY_SIGNATURE = toSignature(new Uint8Array(64));

/** Length of a proof's encoding with its signatures. */
export function signedBytes(body: ProofBody): number {
  const count = body.type === "invoke" ? 1 + body.cosigners.length : 1;
  const signatures = Array.from({ length: count }, () => EMPTY_SIGNATURE);
  // The fee limit has a fixed length, so it may be any.
  return Proof.encode({ body, signatures }).length;
}
