import { fromHex, toDigest, toSequence, toTimestamp } from "@aethel/models";
import { createNodeClient } from "../client/node-client.ts";
import { formatCheckpoint } from "../config/checkpoint.ts";
import { failure } from "../failure/failure.ts";
import { print } from "../terminal/output.ts";

/**
 * `aethel checkpoint`: the head of a running node as a statement of whoever runs this, dated now. A node
 * that is behind, or complains, is none to vouch for.
 */
export async function checkpoint({ url }: { readonly url: string }): Promise<void> {
  const { head, consensus, why } = await createNodeClient(url).status();
  const [finding] = why;
  if (finding !== undefined && consensus.behind !== undefined) {
    throw failure("REFUSED", `this node cannot vouch for a head: ${finding.message}`, finding.next);
  }
  const { sequence, digest } = head;
  const statedAt = toTimestamp(Date.now());
  const at = { sequence: toSequence(sequence), digest: toDigest(fromHex(digest)), statedAt };
  print(formatCheckpoint(at));
}
