import { toSequence } from "@aethel/models";
import { signFrom } from "@aethel/pbft";
import { createFileSigningLog } from "@aethel/pbft/file";
import { failure } from "../cli/failure.ts";
import { note, print } from "../cli/output.ts";
import { openDataDirectory } from "../storage/data-directory.ts";
import { lockDirectory } from "../storage/directory-lock.ts";

interface SignFromOptions {
  readonly dataDir: string;
  readonly sequence: number;
  readonly allOperatorsAgree?: boolean;
}

/**
 * `aethel signing-state sign-from`: ends listening by the word of the operators, offline. For one case
 * alone: so many validators listen that no quorum can answer them.
 */
export async function nameSequence(options: SignFromOptions): Promise<void> {
  const { dataDir, sequence, allOperatorsAgree = false } = options;
  if (!allOperatorsAgree) {
    throw failure(
      "USAGE",
      `signing from ${sequence} on would rest on your word alone: if this key has signed there ` +
        "already, it is slashed, and with a third of the power the chain forks",
      "read docs/operating/more-than-a-third-listens.md with all operators, then add " +
        "--all-operators-agree",
    );
  }
  const layout = await openDataDirectory(dataDir);
  const lock = lockDirectory(layout.lock);
  try {
    await using log = await createFileSigningLog({
      path: layout.signingLog,
      allowNewSigningState: "listen-first",
    });
    const records = signFrom({ records: await log.load(), sequence: toSequence(sequence) });
    await log.compact(records);
  } finally {
    lock.release();
  }
  note("WARNING: nothing but the operators' word now keeps this key from contradicting itself.");
  print(`Signs from ${sequence}`);
  print(
    `Next: start the node when all operators have done the same: aethel start --data-dir ${dataDir}`,
  );
}
