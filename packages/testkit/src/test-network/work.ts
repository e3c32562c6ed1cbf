import { assert } from "@aethel/models";
import type { WorldParts } from "./assemble.ts";

/**
 * Returns a function that submits one more item, made by the application's kind. The workers take
 * turns as authors.
 */
export function createWork(parts: WorldParts): () => void {
  const { workers, nodes, chain, validators, world } = parts;
  const escaping = new Set(world.escaping.map((node) => validators[node]));
  const random = parts.random.fork("work");
  let count = 0;
  return () => {
    const author = workers[count % workers.length];
    assert(author !== undefined, "there are workers");
    const isEscaping = escaping.has(author);
    const item = chain.work({ author, nonce: Math.floor(count / workers.length), isEscaping });
    count += 1;
    const up = nodes.filter((node) => node.state === "up");
    parts.gossip.submit(item, up.length === 0 ? 0 : random.pick(up).index);
  };
}
