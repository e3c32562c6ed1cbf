import { type Invoke, type ProofBody, type Resource, toResource, UNITS } from "@aethel/models";

/** Properties of a proof that determine its execution units. */
export interface MeteredProof {
  readonly body: ProofBody;
  /** Length of the proof's encoding, in bytes. */
  readonly bytes: number;
}

/**
 * Returns the intrinsic execution units of a proof, which it takes of its block before any part of
 * it runs. They are computed from the proof's bytes: a fixed part, bytes, signatures, keys that
 * have never signed (nonce 0), written nonces, calls with their arguments, and the compilation of a
 * source. Not included: the run of an invoke, loading its programs (`programUnits`), and the record
 * of a publication (`recordUnits`).
 */
export function intrinsicUnits({ body, bytes }: MeteredProof): Resource {
  const perSigner = UNITS.signature + UNITS.read + UNITS.write;
  return toResource(
    UNITS.proof +
      parts(bytes, 16) * UNITS.proofBytes16 +
      signersIn(body) * perSigner +
      newKeysIn(body) * UNITS.newKey +
      kindUnits(body),
  );
}

function argumentsIn({ calls }: Pick<Invoke, "calls">): number {
  return calls.reduce((sum, call) => sum + call.arguments.length, 0);
}

/** Returns the number of signers of a proof, its author included. */
export function signersIn(body: ProofBody): number {
  return body.type === "invoke" ? 1 + body.cosigners.length : 1;
}

function newKeysIn(body: ProofBody): number {
  let fresh = body.nonce === 0 ? 1 : 0;
  if (body.type !== "invoke") return fresh;
  for (const { nonce } of body.cosigners) if (nonce === 0) fresh += 1;
  return fresh;
}

function kindUnits(body: ProofBody): number {
  switch (body.type) {
    case "invoke":
      return body.calls.length * UNITS.invoke + argumentsIn(body) * UNITS.argument;
    case "publish":
      return body.source.length * UNITS.sourceByte;
    case "theorem":
      return UNITS.newKeyInState + UNITS.write;
  }
}

/**
 * Returns the execution units for loading and compiling a program, by the length of its canonical
 * text. They are charged for the first call in a block; later calls find the program compiled.
 */
export function programUnits(canonicalBytes: number): Resource {
  return toResource(UNITS.read + canonicalBytes * UNITS.programByte);
}

/** Sizes of the record of a valid claim. */
export interface StoredClaim {
  /** Bytes of canonical texts. */
  readonly canonical: number;
  /** Bytes of certificates. */
  readonly certificates: number;
  /** Bytes of other values of any length: scalars and cells of a contract. */
  readonly values: number;
  /** Number of new keys in the state. */
  readonly keys: number;
}

/**
 * Returns the execution units for recording a claim: compiling each stored text once more, and
 * storing the bytes.
 */
export function recordUnits({ canonical, certificates, values, keys }: StoredClaim): Resource {
  return toResource(
    canonical * UNITS.programByte +
      parts(canonical + certificates + values, 64) * UNITS.storedBytes64 +
      parts(certificates, 16) * UNITS.certificateBytes16 +
      keys * (UNITS.newKeyInState + UNITS.write),
  );
}

/**
 * Returns the most execution units that a proof can take of a block, without its record. Used for
 * fees, for admission, and by a leader that fills a block. `programBytes`: bytes of the canonical
 * text of the program that it calls. Default: 0, that is, without loading the program.
 */
export function costOf(
  proof: MeteredProof,
  { programBytes = 0 }: { readonly programBytes?: number } = {},
): Resource {
  const run = proof.body.type === "invoke" ? proof.body.resourceLimit : 0;
  const program = programBytes === 0 ? 0 : programUnits(programBytes);
  return toResource(intrinsicUnits(proof) + run + program);
}

function parts(bytes: number, size: number): number {
  return Math.ceil(bytes / size);
}
