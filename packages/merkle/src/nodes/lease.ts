import { MerkleError } from "../errors.ts";
import { copyDigest } from "../hashing/digest-words.ts";
import type { Hasher } from "../hashing/hasher.ts";
import { type Arena, type Child, EMPTY, type Ref } from "./arena.ts";
import { hashNodes } from "./hash-nodes.ts";

/** Steps of giving back when a version was collected: more is done when places are needed. */
const STEPS = 20_000;

/**
 * What a version holds on to: the root, and by that all nodes below. Whoever keeps a reference
 * across a turn of the event loop, or a `yield`, MUST keep the lease too, and ask it for the arena
 * each time: when the lease is collected, the nodes are given back.
 */
export class Lease {
  readonly size: number;
  readonly hasher: Hasher;
  readonly ref: Ref;
  readonly #arena: Arena;
  /** The root's own slot. */
  readonly #slot = new Int32Array(8);
  #isReady: boolean;
  #isReleased = false;

  constructor(options: {
    readonly arena: Arena;
    readonly root: Child;
    readonly size: number;
    readonly hasher: Hasher;
  }) {
    const { arena, root, size, hasher } = options;
    this.#arena = arena;
    this.ref = root.ref;
    this.size = size;
    this.hasher = hasher;
    this.#isReady = root.isReady;
    copyDigest(root.words, root.at, this.#slot, 0);
    if (this.ref === EMPTY) return;
    arena.retain(this.ref);
    registryOf(arena).register(this, this.ref, this);
  }

  /** @throws MerkleError `RELEASED`. */
  get arena(): Arena {
    if (this.#isReleased) throw new MerkleError({ code: "RELEASED" });
    return this.#arena;
  }

  /** The root, hashed or not. */
  get root(): Child {
    return { ref: this.ref, words: this.#slot, at: 0, isReady: this.#isReady };
  }

  /** The root, after it and all nodes below have their digests. */
  get hashedRoot(): Child {
    const { arena, hasher } = this;
    if (!this.#isReady) hashNodes({ arena, root: this.ref, slot: this.#slot, hasher });
    this.#isReady = true;
    return this.root;
  }

  /** Gives the nodes back that no other version has. Nothing can be read from this one any more. */
  release(): void {
    // An empty version has nothing to give, and all trees begin with the same one.
    if (this.#isReleased || this.ref === EMPTY) return;
    this.#isReleased = true;
    registryOf(this.#arena).unregister(this);
    this.#arena.drop(this.ref);
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
