import { createSigner, type Signer } from "@aethel/models";
import { failure } from "../failure/failure.ts";
import type { Layout } from "../files/layout.ts";
import { note } from "../terminal/output.ts";
import { createKeyFile, openKeyFile, readKeyFile } from "./key-file.ts";
import { consensusKeyFiles, nextConsensusKeyFile } from "./key-ring.ts";

/**
 * Returns the consensus key to rotate to: a key of the directory that the chain does not know yet,
 * or a new key.
 *
 * `staker` is the id and the consensus key in the validator's record. A validator without power has
 * a record too, for example after an ejection. `node` is the validator for which the running node
 * votes; undefined for an observer.
 * @throws NodeError `KEY_FILE` if the recorded key is not in the directory, `PASSWORD`.
 */
export async function provideNextKey(
  layout: Layout,
  about: {
    readonly staker: { readonly id: string; readonly key: string };
    readonly node: string | undefined;
    readonly password: string;
  },
): Promise<Signer> {
  const { staker, node, password } = about;
  const files = await consensusKeyFiles(layout);
  const last = files.at(-1);
  // The record names the account's own key: the chain knows no file of this directory yet.
  if (staker.key === staker.id && staker.id !== node && last !== undefined) {
    return createSigner(await openKeyFile({ file: last, purpose: "consensus", password }));
  }
  const keys = await Promise.all(
    files.map(async (file) => ({ file, key: (await readKeyFile(file, "consensus")).publicKey })),
  );
  const position = keys.findIndex(({ key }) => key === staker.key);
  if (position === -1) {
    const next = "give the --data-dir of the node at --url; `aethel status` shows its keys";
    throw failure("KEY_FILE", `the validator's key ${staker.key} is not in this directory`, next);
  }
  const waiting = keys.slice(position + 1).at(-1)?.file;
  const file = waiting ?? (await nextConsensusKeyFile(layout));
  if (waiting === undefined) {
    // All keys have one password: the node knows no other.
    await openKeyFile({ file: files[0] ?? layout.consensusKey, purpose: "consensus", password });
    await createKeyFile({ file, purpose: "consensus", password });
    note(`made ${file}`);
  }
  return createSigner(await openKeyFile({ file, purpose: "consensus", password }));
}
