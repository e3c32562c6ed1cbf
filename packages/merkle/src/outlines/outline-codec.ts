import { assertNever, equalBytes } from "@aethel/models";
import type { ByteReader } from "../bytes/byte-reader.ts";
import { checkDigest, decodeFault } from "../bytes/decode-fault.ts";
import { EMPTY_DIGEST } from "../hashing/node.ts";
import { DEPTH_MAX, DIGEST_LENGTH } from "../limits.ts";
import { type OutlineNode, plainNodes } from "./outline.ts";

const KIND = { empty: 0, hidden: 1, inner: 2, inside: 3, "other-leaf": 4 } as const;

/**
 * Encodes each node as one byte for its kind, then its digests. Nothing marks the end: it follows
 * from the shape of the tree.
 */
export function encodeOutline(nodes: readonly OutlineNode[]): readonly Uint8Array[] {
  checkOneTree(nodes);
  const parts: Uint8Array[] = [];
  for (const node of nodes) {
    parts.push(Uint8Array.of(KIND[node.type]));
    switch (node.type) {
      case "hidden":
        parts.push(checkDigest("outline", node.digest));
        if (equalBytes(node.digest, EMPTY_DIGEST)) throw decodeFault("outline", "hides nothing");
        break;
      case "other-leaf":
        parts.push(checkDigest("path", node.path), checkDigest("valueDigest", node.valueDigest));
        break;
      case "empty":
      case "inner":
      case "inside":
        break;
      default:
        assertNever(node);
    }
  }
  return parts;
}

/**
 * Checks that the nodes form exactly one tree of at most `DEPTH_MAX` levels.
 * @throws MerkleError `DECODE` if they do not.
 */
export function checkOneTree(nodes: readonly OutlineNode[]): void {
  const below = createDepths();
  for (const node of nodes) below.take(node);
  if (below.isOpen()) throw decodeFault("outline", "it ends within the tree");
}

/**
 * Decodes one outline. It uses memory linear in the bytes that it reads.
 * @throws MerkleError `DECODE`.
 */
export function decodeOutline(reader: ByteReader): readonly OutlineNode[] {
  const nodes: OutlineNode[] = [];
  const below = createDepths();
  while (below.isOpen()) {
    const node = decodeNode(reader);
    below.take(node);
    nodes.push(node);
  }
  return nodes;
}

function decodeNode(reader: ByteReader): OutlineNode {
  const kind = reader.number("outline", 1);
  switch (kind) {
    case KIND.empty:
      return plainNodes.empty;
    case KIND.inner:
      return plainNodes.inner;
    case KIND.inside:
      return plainNodes.inside;
    case KIND.hidden: {
      const digest = reader.bytes("outline", DIGEST_LENGTH);
      if (equalBytes(digest, EMPTY_DIGEST)) throw decodeFault("outline", "hides nothing");
      return { type: "hidden", digest };
    }
    case KIND["other-leaf"]: {
      const path = reader.bytes("path", DIGEST_LENGTH);
      return { type: "other-leaf", path, valueDigest: reader.bytes("valueDigest", DIGEST_LENGTH) };
    }
    default:
      throw decodeFault("outline", `kind ${kind} is unknown`);
  }
}

interface Depths {
  readonly isOpen: () => boolean;
  readonly take: (node: OutlineNode) => void;
}

/**
 * Checks, node by node, that a list of nodes is exactly one tree of legal depth. It keeps the
 * depths at which nodes are still to come.
 */
function createDepths(): Depths {
  // Depths of the places whose node is still to come: at most one for each level.
  const open = [0];
  return {
    isOpen: () => open.length > 0,
    take: (node) => {
      const depth = open.pop();
      if (depth === undefined) throw decodeFault("outline", "nodes follow the end of the tree");
      if (node.type !== "inner") return;
      if (depth === DEPTH_MAX) throw decodeFault("outline", `it is deeper than ${DEPTH_MAX}`);
      open.push(depth + 1, depth + 1);
    },
  };
}
