import { type Invoke, type ProofBody, type Resource, toResource, UNITS } from "@aethel/models";

/** Properties of a proof that determine its units. */
export interface MeteredProof {
  readonly body: ProofBody;
  /** Length of its encoding. */
  readonly bytes: number;
}

/**
 * Units that a proof takes of its block before anything of it runs, from its bytes alone: place in
 * the block, bytes, signatures, keys that have never signed (nonce 0), written nonces, arguments,
 * and the compilation of a source. The run of an invoke, the loading of its program
 * (`programUnits`) and the record of a publication (`recordUnits`) are added.
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

/** Number of signers of a proof, its author included. */
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
      return UNITS.invoke + argumentsIn(body) * UNITS.argument;
    case "publish":
      return body.source.length * UNITS.sourceByte;
    case "theorem":
      return UNITS.newKeyInState + UNITS.write;
  }
}

/**
 * Units of loading and compiling a program on its first call in a block, by the length of its
 * canonical text. Later calls of the block find it compiled.
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
  /** Number of new keys in the state. */
  readonly keys: number;
}

/** Units of recording a claim: compiling each stored text once more, and storing the bytes. */
export function recordUnits({ canonical, certificates, keys }: StoredClaim): Resource {
  return toResource(
    canonical * UNITS.programByte +
      parts(canonical + certificates, 64) * UNITS.storedBytes64 +
      parts(certificates, 16) * UNITS.certificateBytes16 +
      keys * (UNITS.newKeyInState + UNITS.write),
  );
}

/**
 * Most units that a proof can take of a block, from its body and the length of the program that it
 * calls: for fees, for admission, and for a leader that fills a block.
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
