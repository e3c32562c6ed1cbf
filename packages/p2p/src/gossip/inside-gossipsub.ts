import type { GossipSub } from "@libp2p/gossipsub";
import { P2pError } from "../errors.ts";

/** Function inside gossipsub whose arguments this package does not know. */
type Inner = (...values: readonly unknown[]) => unknown;

/**
 * Replaces a function of gossipsub by one that is given the original. gossipsub 17.1.1 has no
 * option for what is done here. If a version of gossipsub lacks the function, this throws.
 */
export function replaceInside(
  gossip: GossipSub,
  name: string,
  replacement: (original: Inner) => Inner,
): void {
  const original: unknown = Reflect.get(gossip, name);
  if (typeof original !== "function") throw notThere(name);
  const bound: Inner = (...values) => Reflect.apply(original, gossip, values);
  Reflect.set(gossip, name, replacement(bound));
}

/** Returns a field of an object inside gossipsub. Undefined if there is no such object or field. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** Returns a field that is a list. An empty list if there is none. */
export function listOf(value: unknown, name: string): readonly unknown[] {
  const list = fieldOf(value, name);
  return Array.isArray(list) ? list : [];
}

/** Returns the error for a version of gossipsub that lacks something which this package needs. */
export function notThere(name: string): P2pError {
  const reason = `this version of @libp2p/gossipsub has no ${name}`;
  return new P2pError({ code: "OPTION", option: "@libp2p/gossipsub", reason });
}
