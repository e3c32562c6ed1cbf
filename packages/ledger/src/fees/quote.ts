import {
  AMOUNT_MAX,
  type Amount,
  type ChainParameters,
  type Difficulty,
  Proof,
  type ProofBody,
  toAmount,
  toSignature,
} from "@aethel/models";
import { recordUnits } from "../costs/units.ts";
import type { BaseFees } from "../state-layout.ts";
import { chargeFor } from "./charge.ts";
import { floorsOf, highestCap, mostUsed } from "./price.ts";
import type { Offered } from "./units.ts";

/** Inputs of a quote: a body, and facts or guesses about it. */
export interface QuoteOptions {
  readonly body: ProofBody;
  /** Difficulty that mints: 0 for a theorem that will not be certified, where those mint nothing. */
  readonly difficulty: Difficulty;
  /** Length of the Judge's certificate. Default: none is stored. */
  readonly certificateBytes?: number;
  /** Length of the canonical text of what a call runs. Default: 4,096. */
  readonly programBytes?: number;
  /** Accounts and other entries that a call makes. Default: each account that it names. */
  readonly entries?: number;
  readonly parameters: ChainParameters;
  /** Base fees of the next block. Default: the floors. */
  readonly baseFees?: BaseFees;
}

/**
 * A fee limit that suffices for a proof whose difficulty is known or guessed: for its whole
 * resource limit, its bytes and those of its certificate, what it leaves in the state, the burn
 * floor of that difficulty, its tip, and four times the base fee, which takes twelve full blocks in
 * a row to get there. For tools that submit: what is not needed comes back. The fee limit of `body`
 * is not looked at.
 */
export function quoteFeeLimit(options: QuoteOptions): Amount {
  const { body, parameters, baseFees = floorsOf(parameters) } = options;
  const offered = { body, bytes: signedBytes(body) };
  const prices = { parameters, baseFees: raised(baseFees), cap: highestCap(parameters) };
  const { charged } = chargeFor(body, mostOf(offered, options), prices);
  return toAmount(charged < AMOUNT_MAX ? charged : AMOUNT_MAX);
}

/** Most that a proof uses and leaves. */
function mostOf(offered: Offered, options: QuoteOptions): ReturnType<typeof mostUsed> {
  const { body } = offered;
  const { difficulty, certificateBytes = 0, programBytes = PROGRAM_BYTES, parameters } = options;
  if (body.type === "invoke") {
    const program = recordUnits({ canonical: programBytes, certificates: 0, keys: 1 });
    const most = mostUsed(offered, parameters, { units: program });
    const { entries = namedEntries(body) } = options;
    const minting = difficulty > most.minting ? difficulty : most.minting;
    return { ...most, minting, growth: { entries, bytes: 0 } };
  }
  const stored = storedBy(body, certificateBytes);
  const more = { units: recordUnits(stored), bytes: certificateBytes };
  const most = mostUsed(offered, parameters, more);
  const bytes = stored.canonical + stored.certificates + stored.keys * KEY_BYTES;
  return { ...most, minting: difficulty, growth: { entries: 0, bytes } };
}

/** Most that a publication leaves in the state, as far as its text tells. */
function storedBy(
  body: Exclude<ProofBody, { readonly type: "invoke" }>,
  certificates: number,
): { readonly canonical: number; readonly certificates: number; readonly keys: number } {
  if (body.type === "theorem") return { canonical: 0, certificates, keys: 2 };
  const text = new TextDecoder().decode(body.source);
  const named = text.split(/\b(?:intent|batch|asset)\b/).length - 1;
  return { canonical: 2 * body.source.length, certificates, keys: 1 + 3 * named };
}

/** Each account that a call names may be new, and so may what it has of an asset. */
function namedEntries(body: Extract<ProofBody, { readonly type: "invoke" }>): number {
  const accounts = body.arguments.filter(({ type }) => type === "account").length;
  return 2 * accounts + body.cosigners.length;
}

function raised({ invoke, judged }: BaseFees): BaseFees {
  return { invoke: toAmount(invoke * HEADROOM), judged: toAmount(judged * HEADROOM) };
}

/** Times that the base fee may rise between a quote and the block. */
const HEADROOM = 4n;
/** A call of a program of this length costs little more than it does. */
const PROGRAM_BYTES = 4_096;
/** Bytes that are charged for a key and a record, texts and certificates apart. */
const KEY_BYTES = 256;

const EMPTY_SIGNATURE = toSignature(new Uint8Array(64));

/** Length of the proof's encoding once it is signed. */
export function signedBytes(body: ProofBody): number {
  const count = body.type === "invoke" ? 1 + body.cosigners.length : 1;
  const signatures = Array.from({ length: count }, () => EMPTY_SIGNATURE);
  // The fee limit has a fixed length, so it may be any.
  return Proof.encode({ body, signatures }).length;
}
