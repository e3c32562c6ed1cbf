import { type ChainParameters, type ProofBody, UNITS } from "@aethel/models";
import { mostUnits } from "../metering/shares.ts";
import type { StoredClaim } from "../metering/units.ts";

/** A proof that goes to the Judge. */
export type JudgedBody = Exclude<ProofBody, { readonly type: "invoke" }>;

/**
 * Returns the most that a publication can leave in the state, by its text, which is not compiled.
 * No more than the text to compile which takes all that a proof may take: of more nothing is
 * recorded.
 */
export function mostStored(
  body: JudgedBody,
  certificates: number,
  parameters: Pick<ChainParameters, "blockUnitsMax">,
): StoredClaim {
  if (body.type === "theorem") return { canonical: 0, certificates, keys: 2 };
  const { programs, assets, constants } = countIn(body.source);
  const text =
    body.source.length * LAYOUT + programs * assets * DECLARATION_BYTES + constants * NUMERAL_BYTES;
  const canonical = Math.min(text, Math.ceil(mostUnits(body, parameters) / UNITS.programByte));
  return { canonical, certificates, keys: 1 + programs * (2 + assets) };
}

/**
 * Returns what a publication usually leaves: one program, whose canonical text is as long as its
 * source.
 */
export function usuallyStored(body: JudgedBody, certificates: number): StoredClaim {
  if (body.type === "theorem") return { canonical: 0, certificates, keys: 2 };
  const { programs } = countIn(body.source);
  return { canonical: body.source.length, certificates, keys: 1 + 2 * programs };
}

/** Words that a source is made of, counted in comments too. */
function countIn(source: Uint8Array): {
  readonly programs: number;
  readonly assets: number;
  /** Uses of constants, each of which becomes a numeral. */
  readonly constants: number;
} {
  const words = new TextDecoder().decode(source).match(/\w+/g) ?? [];
  const names = new Set(words.filter((_, at) => words[at - 1] === "const"));
  return {
    programs: words.filter((word) => word === "intent" || word === "atomic_batch").length,
    assets: words.filter((word) => word === "asset").length,
    constants: words.filter((word) => names.has(word)).length,
  };
}

/**
 * Bytes of canonical text for a byte of source: a statement of two, `x;`, has nine with its place
 * in a batch.
 */
const LAYOUT = 5;

/** Bytes of a declaration of an asset: two names of 64 and the words between. */
const DECLARATION_BYTES = 160;

/** Digits of a number of 256 bits, with a sign and brackets. */
const NUMERAL_BYTES = 82;
