import { toSequence } from "@aethel/models";
import { decodeSigningLog, signFrom } from "@aethel/pbft";
import { createFileSigningLog } from "@aethel/pbft/file";
import { openDataDirectory } from "../data-directory.ts";
import { failure } from "../failure/failure.ts";
import { explainStart } from "../failure/start-failure.ts";
import { lockDirectory } from "../files/directory-lock.ts";
import { probeDatabase } from "../storage/open-database.ts";
import { note, print } from "../terminal/output.ts";

interface SignFromOptions {
  readonly dataDir: string;
  readonly sequence: number;
  readonly allOperatorsAgree?: boolean;
}

/**
 * Runs `aethel signing-state sign-from` while the node is stopped. It ends listening (following
 * without signing) at a sequence on which the operators have agreed. It is for one case only: so
 * many validators listen that the others are no quorum.
 */
export async function nameSequence(options: SignFromOptions): Promise<void> {
  const { dataDir, sequence, allOperatorsAgree = false } = options;
  if (!allOperatorsAgree) {
    throw failure(
      "USAGE",
      `nothing but your statement would make signing from sequence ${sequence} on safe: if this key has ` +
        "signed there already, it is slashed, and with a third of the power the chain forks",
      "read docs/operating/more-than-a-third-listens.md with all operators, then add " +
        "--all-operators-agree",
    );
  }
  const layout = await openDataDirectory(dataDir);
  const lock = lockDirectory(layout.lock);
  try {
    const { sequence: head = 0 } = (await probeDatabase(layout)) ?? {};
    if (sequence <= head) {
      throw failure(
        "REFUSED",
        `--sequence ${sequence} is not above the head of this node, which is ${head}`,
        `agree with all operators on the highest head of all plus 1, here at least ${head + 1}`,
      );
    }
    await using log = await createFileSigningLog({ path: layout.signingLog });
    const records = await log.load();
    refuseUnlessListening(records, layout.signingLog);
    await log.compact(signFrom({ records, sequence: toSequence(sequence) }));
  } catch (error) {
    throw explainStart(error);
  } finally {
    lock.release();
  }
  note(
    "WARNING: only the agreement of the operators now keeps this key from contradicting itself.",
  );
  print(`Signs from sequence ${sequence} on`);
  print(
    "Next: when every validator that listens has done the same (the others need no change): " +
      `aethel start --data-dir ${dataDir}`,
  );
}

/**
 * Refuses the signing log of a validator that is not listening. Such a log already has everything
 * that its key has signed.
 */
function refuseUnlessListening(records: readonly Uint8Array[], file: string): void {
  const last = decodeSigningLog(records).findLast(
    ({ type }) => type === "listen" || type === "floor",
  );
  if (last?.type === "listen") return;
  throw failure(
    "REFUSED",
    `${file} is not the log of a validator that listens: it has all that its key has signed`,
    "keep it as it is and start the node; only validators that listen need this command",
  );
}
