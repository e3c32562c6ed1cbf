import { MemoryDatastore } from "datastore-core/memory";

type Key = Parameters<MemoryDatastore["put"]>[0];
type Options = Parameters<MemoryDatastore["put"]>[2];

/** Most bytes of one value. A peer's protocols and addresses take some KiB. */
const VALUE_BYTES_MAX = 65_536;

/**
 * Memory of libp2p for what it knows of peers. When it is full, the entry that was not used for
 * longest is forgotten. So addresses that strangers tell libp2p's services cannot fill the memory.
 */
export class BoundedDatastore extends MemoryDatastore {
  readonly #order = new Map<string, Key>();
  readonly #entriesMax: number;

  /** Creates an empty datastore for at most `entriesMax` entries. */
  constructor(entriesMax: number) {
    super();
    this.#entriesMax = entriesMax;
  }

  /** Stores a value. @throws RangeError if it is larger than 64 KiB */
  override put(key: Key, value: Uint8Array, options?: Options): ReturnType<MemoryDatastore["put"]> {
    if (value.length > VALUE_BYTES_MAX) {
      throw new RangeError(`value: expected at most ${VALUE_BYTES_MAX} bytes, got ${value.length}`);
    }
    this.#use(key);
    for (const [oldest, its] of this.#order) {
      if (this.#order.size <= this.#entriesMax) break;
      this.#order.delete(oldest);
      void super.delete(its);
    }
    return super.put(key, value, options);
  }

  /** Returns a value. @throws NotFoundError if there is none */
  override get(key: Key, options?: Options): ReturnType<MemoryDatastore["get"]> {
    const value = super.get(key, options);
    this.#use(key);
    return value;
  }

  /** Removes a value. */
  override delete(key: Key, options?: Options): ReturnType<MemoryDatastore["delete"]> {
    this.#order.delete(key.toString());
    void super.delete(key, options);
  }

  #use(key: Key): void {
    const text = key.toString();
    this.#order.delete(text);
    this.#order.set(text, key);
  }
}
