import { fromHex, toDigest, toSequence, toTimestamp } from "@aethel/models";
import { createNodeClient } from "../client/node-client.ts";
import { formatCheckpoint } from "../config/checkpoint.ts";
import { failure } from "../failure/failure.ts";
import { print } from "../terminal/output.ts";

/**
 * Runs `aethel checkpoint`: prints the head of a running node as a statement of its operator with
 * the current date. Fails if the node is behind its peers and has a finding.
 */
export async function checkpoint({ url }: { readonly url: string }): Promise<void> {
  const { head, consensus, why } = await createNodeClient(url).status();
  const [finding] = why;
  if (finding !== undefined && consensus.behind !== undefined) {
    throw failure(
      "REFUSED",
      `this node gives no checkpoint while it is behind: ${finding.message}`,
      finding.next,
    );
  }
  const { sequence, digest } = head;
  const statedAt = toTimestamp(Date.now());
  const at = { sequence: toSequence(sequence), digest: toDigest(fromHex(digest)), statedAt };
  print(formatCheckpoint(at));
}
