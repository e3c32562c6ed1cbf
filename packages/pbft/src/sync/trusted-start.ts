import {
  type BlockHeader,
  blockDigest,
  type CertifiedHeader,
  type Digest,
  decodeValidatorSet,
  equalBytes,
  ModelsError,
  type Sequence,
  type SnapshotHead,
  toSequence,
  type ValidatorSet,
} from "@aethel/models";
import type { Checkpoint } from "../joining/checkpoint.ts";
import type { TrustedHead } from "../light/trusted-head.ts";
import type { ApplicationHead } from "../ports.ts";
import type { Asking, Judged } from "./asking.ts";

/** Gets the header of the checkpoint from any peer. Undefined if no peer has it. */
export async function findCheckpointHeader(
  asking: Asking,
  { sequence, digest }: Pick<Checkpoint, "sequence" | "digest">,
): Promise<BlockHeader | undefined> {
  const answer = await asking.ask<BlockHeader>({
    request: { type: "headers", to: sequence, count: 1 },
    kind: "small",
    isUrgent: true,
    judge(response): Judged<BlockHeader> {
      const header = response.type === "headers" ? response.headers.at(-1) : undefined;
      // The checkpoint may be wrong, and then it is the honest peers that have another header.
      if (header === undefined || !equalBytes(blockDigest(header), digest)) {
        return { type: "useless" };
      }
      return { type: "taken", value: header };
    },
  });
  return answer?.value;
}

/**
 * Returns the trusted head of a checkpoint, whose header is known. It needs the set that votes
 * after it, of which the header has the hash. The set is known already, or is in the last update at
 * or below the checkpoint, which is searched backwards in growing steps. Undefined if no peer gives
 * it.
 */
export async function trustCheckpoint(options: {
  readonly asking: Asking;
  readonly checkpoint: Checkpoint;
  readonly header: BlockHeader;
  readonly known: readonly ValidatorSet[];
}): Promise<TrustedHead | undefined> {
  const { asking, checkpoint, header, known } = options;
  const { digest, sequence, statedAt } = checkpoint;
  const wanted = header.nextValidators;
  let set = known.find(({ hash }) => equalBytes(hash, wanted));
  for (let back = 1; set === undefined; back *= 4) {
    const after = toSequence(Math.max(0, sequence - back));
    set = await findSet(asking, { after, until: sequence, wanted });
    if (after === 0) break;
  }
  return set && { header, digest, validators: set, statedAt };
}

/** Searches the updates after a sequence for the set with a hash. */
async function findSet(
  asking: Asking,
  {
    after,
    until,
    wanted,
  }: { readonly after: Sequence; readonly until: Sequence; readonly wanted: Digest },
): Promise<ValidatorSet | undefined> {
  const answer = await asking.ask<ValidatorSet>({
    request: { type: "updates", after },
    kind: "large",
    isUrgent: true,
    judge(response): Judged<ValidatorSet> {
      const updates = response.type === "updates" ? response.updates : [];
      const changes = updates.filter(
        ({ header }) => header.sequence <= until && equalBytes(header.nextValidators, wanted),
      );
      const set = changes.map(setOf).find((each) => each && equalBytes(each.hash, wanted));
      return set === undefined ? { type: "useless" } : { type: "taken", value: set };
    },
  });
  return answer?.value;
}

function setOf({ nextValidators }: CertifiedHeader): ValidatorSet | undefined {
  return nextValidators === undefined ? undefined : decoded(nextValidators);
}

function decoded(bytes: Uint8Array): ValidatorSet | undefined {
  try {
    return decodeValidatorSet(bytes);
  } catch (error) {
    if (error instanceof ModelsError) return undefined;
    throw error;
  }
}

/** Returns the sets that are known without asking: the own ones, and those of a snapshot. */
export function knownSets(own: ApplicationHead, head: SnapshotHead): readonly ValidatorSet[] {
  const told = [decoded(head.validators), decoded(head.nextValidators)];
  return [own.validators, own.previousValidators, ...told.flatMap((set) => set ?? [])];
}
