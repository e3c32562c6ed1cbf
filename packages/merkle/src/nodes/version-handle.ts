import { MerkleError } from "../errors.ts";
import { copyDigest } from "../hashing/digest-words.ts";
import type { Hasher } from "../hashing/hasher.ts";
import { type Arena, type Child, EMPTY, type Ref } from "./arena.ts";
import { hashNodes } from "./hash-nodes.ts";

/** Greatest number of nodes that are freed at once after the garbage collector took a version. */
const STEPS = 20_000;

/**
 * Handle of one version. It keeps the root, and with it all nodes below, in memory. Code that keeps
 * a reference to a node across a turn of the event loop or a `yield` MUST keep the handle too, and
 * get the arena from it each time: once the handle is released or garbage collected, the nodes are
 * freed.
 */
export class VersionHandle {
  readonly size: number;
  readonly hasher: Hasher;
  readonly ref: Ref;
  readonly #arena: Arena;
  /** Slot for the digest of the root, which has no parent. */
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

  /**
   * Arena with the nodes of this version.
   * @throws MerkleError `RELEASED`.
   */
  get arena(): Arena {
    if (this.#isReleased) throw new MerkleError({ code: "RELEASED" });
    return this.#arena;
  }

  /** Root, with or without its digest. */
  get root(): Child {
    return { ref: this.ref, words: this.#slot, at: 0, isReady: this.#isReady };
  }

  /** Root with its digest. Missing digests at and below it are computed first. */
  get hashedRoot(): Child {
    const { arena, hasher } = this;
    if (!this.#isReady) hashNodes({ arena, root: this.ref, slot: this.#slot, hasher });
    this.#isReady = true;
    return this.root;
  }

  /**
   * Releases the version. Reading it throws from now on, and nodes that no other version has are
   * freed.
   */
  release(): void {
    // The empty version has no nodes, and every tree begins with it.
    if (this.#isReleased || this.ref === EMPTY) return;
    this.#isReleased = true;
    registryOf(this.#arena).unregister(this);
    this.#arena.drop(this.ref);
  }
}

/**
 * Registry of each arena: it drops the root of a version that the garbage collector took. Only the
 * arena keeps its registry alive. So when the last version goes, the whole arena is collected, and
 * no nodes have to be freed one by one.
 */
const registries = new WeakMap<Arena, FinalizationRegistry<Ref>>();

function registryOf(arena: Arena): FinalizationRegistry<Ref> {
  const known = registries.get(arena);
  if (known !== undefined) return known;
  const registry = new FinalizationRegistry<Ref>((root) => {
    arena.drop(root);
    arena.freeDropped(STEPS);
  });
  registries.set(arena, registry);
  return registry;
}
