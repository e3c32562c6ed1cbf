import { type Arena, EMPTY, type Ref } from "./arena.ts";
import { MerkleError } from "./errors.ts";
import { hashNodes } from "./hash-nodes.ts";
import type { Hasher } from "./hasher.ts";

/** Steps of giving back when a version was collected: more is done when places are needed. */
const STEPS = 20_000;

/**
 * What a version holds on to: the root, and by that all nodes below. Whoever keeps a reference
 * across a turn of the event loop, or a `yield`, MUST keep the lease too, and ask it for the arena
 * each time: when the lease is collected, the nodes are given back.
 */
export class Lease {
  readonly root: Ref;
  readonly size: number;
  readonly hasher: Hasher;
  readonly #arena: Arena;
  #isReleased = false;

  constructor(options: {
    readonly arena: Arena;
    readonly root: Ref;
    readonly size: number;
    readonly hasher: Hasher;
  }) {
    this.#arena = options.arena;
    this.root = options.root;
    this.size = options.size;
    this.hasher = options.hasher;
    if (this.root === EMPTY) return;
    this.#arena.retain(this.root);
    registryOf(this.#arena).register(this, this.root, this);
  }

  /** @throws MerkleError `RELEASED`. */
  get arena(): Arena {
    if (this.#isReleased) throw new MerkleError({ code: "RELEASED" });
    return this.#arena;
  }

  /** The arena, after every node of this version has its digest. */
  get hashedArena(): Arena {
    hashNodes(this.arena, this.root, this.hasher);
    return this.#arena;
  }

  /** Gives the nodes back that no other version has. Nothing can be read from this one any more. */
  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    if (this.root === EMPTY) return;
    registryOf(this.#arena).unregister(this);
    this.#arena.drop(this.root);
  }
}

/**
 * One registry for each arena, which keeps it alive and nothing else does: so when no version of
 * an arena is left, all of it goes at once, and no callback walks through its nodes.
 */
const registries = new WeakMap<Arena, FinalizationRegistry<Ref>>();

function registryOf(arena: Arena): FinalizationRegistry<Ref> {
  const known = registries.get(arena);
  if (known !== undefined) return known;
  const registry = new FinalizationRegistry<Ref>((root) => {
    arena.drop(root);
    arena.giveBack(STEPS);
  });
  registries.set(arena, registry);
  return registry;
}
