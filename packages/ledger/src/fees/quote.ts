import {
  AMOUNT_MAX,
  type Amount,
  type ChainParameters,
  type Difficulty,
  type Invoke,
  Proof,
  type ProofBody,
  SOURCE_BYTES_MAX,
  toAmount,
  toHex,
  toSignature,
} from "@aethel/models";
import { programUnits, recordUnits, type StoredClaim } from "../metering/units.ts";
import type { BaseFees } from "../state/records.ts";
import { chargeFor, type Usage } from "./charge.ts";
import { mostCellBytes, mostStored } from "./most-stored.ts";
import { floorsOf, highestCap, mostUsed } from "./price.ts";
import type { Offered } from "./units.ts";

/** Options of a quote: the body of a proof, with facts or guesses about it. */
export interface QuoteOptions {
  readonly body: ProofBody;
  /**
   * Difficulty for which the reward is minted. It is 0 for a theorem without a certificate, if the
   * chain mints nothing for such theorems.
   */
  readonly difficulty: Difficulty;
  /** Bytes of the certificate that is stored. Default: 0. */
  readonly certificateBytes?: number;
  /**
   * Bytes of the canonical text of each different program that an invoke calls. Default: those of
   * the longest program, for each different intent that it calls.
   */
  readonly programBytes?: readonly number[];
  /**
   * Number of accounts and other entries that an invoke creates. Default: two for each account that
   * its calls name, and one for each cosigner.
   */
  readonly entries?: number;
  /** Most bytes of cells that a call creates. Default: 0, as for plain intents. */
  readonly cellBytes?: number;
  readonly parameters: ChainParameters;
  /** Base fees of the next block. Default: the lowest base fees. */
  readonly baseFees?: BaseFees;
}

/**
 * Returns a fee limit, in micro-tokens, that suffices for a proof whose difficulty is known or
 * guessed. It covers the whole resource limit, the bytes of the proof and its certificate, the
 * growth of the state, deposits, the burn for the difficulty, the tip, and four times the base fee.
 * The base fee rises that much only after twelve full blocks in a row. The result is at most four
 * times `mostCharged`, plus deposits, and the author gets the unused part back. The fee limit in `body` is ignored.
 */
export function quoteFeeLimit(options: QuoteOptions): Amount {
  const { baseFees = floorsOf(options.parameters) } = options;
  const charged = mostCharged({ ...options, baseFees: raised(baseFees) });
  const most = charged + mostDeposit(options);
  return toAmount(most < AMOUNT_MAX ? most : AMOUNT_MAX);
}

/** Returns the most micro-tokens that a proof can pay as deposit for cells, beside the charge. */
export function mostDeposit({ body, parameters, cellBytes }: QuoteOptions): bigint {
  const most = body.type === "invoke" ? (cellBytes ?? 0) : mostCellBytes(body);
  return parameters.depositPrice * BigInt(most);
}

/**
 * Returns the highest charge of a proof at these base fees, in micro-tokens. It may exceed the
 * largest `Amount`.
 */
export function mostCharged(options: QuoteOptions): bigint {
  const { body, parameters, baseFees = floorsOf(parameters) } = options;
  const prices = { parameters, baseFees, cap: highestCap(parameters) };
  return chargeFor(body, mostOf({ body, bytes: signedBytes(body) }, options), prices).charged;
}

/** Returns the most that a proof can use, including growth of the state. */
function mostOf(offered: Offered, options: QuoteOptions): Usage {
  const { body } = offered;
  const { difficulty, certificateBytes = 0, parameters } = options;
  if (body.type !== "invoke") {
    const stored = mostStored(body, certificateBytes, parameters);
    return judgedUsage(offered, stored, { difficulty, parameters });
  }
  const { entries = entriesOf(body), programBytes = longestPrograms(body) } = options;
  const most = mostUsed(offered, parameters, { units: loadingUnits(programBytes) });
  const minting = difficulty > most.minting ? difficulty : most.minting;
  return { ...most, minting, growth: { entries, bytes: 0 } };
}

/**
 * Returns the usage of a judged proof that uses its whole resource limit and adds a record of the
 * given size to the state.
 */
export function judgedUsage(
  offered: Offered,
  stored: StoredClaim,
  of: { readonly difficulty: Difficulty; readonly parameters: ChainParameters },
): Usage {
  const { canonical, certificates, values, keys } = stored;
  const more = { units: recordUnits(stored), bytes: certificates };
  const { taken } = mostUsed(offered, of.parameters, more);
  const bytes = canonical + certificates + values + keys * KEY_BYTES;
  return { taken, minting: of.difficulty, growth: { entries: 0, bytes } };
}

/**
 * Counts the entries that an invoke can create in the state. Each account that a call names may be
 * new and may get its first holding of an asset. Each cosigner may be new.
 */
function entriesOf({ calls, cosigners }: Invoke): number {
  const given = calls.flatMap((call) => call.arguments);
  return 2 * given.filter(({ type }) => type === "account").length + cosigners.length;
}

/** Returns the bytes of the longest program for each different intent that an invoke calls. */
function longestPrograms({ calls }: Invoke): readonly number[] {
  const different = new Set(calls.map(({ intent }) => toHex(intent)));
  return [...different].map(() => SOURCE_BYTES_MAX);
}

function loadingUnits(programBytes: readonly number[]): number {
  return programBytes.reduce((sum, bytes) => sum + programUnits(bytes), 0);
}

function raised({ invoke, judged }: BaseFees): BaseFees {
  return { invoke: toAmount(invoke * HEADROOM), judged: toAmount(judged * HEADROOM) };
}

/**
 * Factor by which the base fee may rise between the quote and the block that includes the proof.
 */
const HEADROOM = 4n;

/** Bytes that are assumed for a key and its record, without texts and certificates. */
const KEY_BYTES = 256;

const EMPTY_SIGNATURE = toSignature(new Uint8Array(64));

/** Returns the number of bytes of a proof's encoding with its signatures. */
export function signedBytes(body: ProofBody): number {
  const count = body.type === "invoke" ? 1 + body.cosigners.length : 1;
  const signatures = Array.from({ length: count }, () => EMPTY_SIGNATURE);
  // The fee limit has a fixed length, so it may be any.
  return Proof.encode({ body, signatures }).length;
}
