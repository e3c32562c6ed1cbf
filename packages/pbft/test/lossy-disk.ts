import type { AppendFile, FileLock, FileLook, FileSystem } from "../src/file/index.ts";

/** Fault of one call; `power`: the machine stops in the middle of it. */
export type Fault = "none" | "short" | "fail" | "power";

interface Inode {
  readonly id: number;
  /** As every process sees it. */
  cache: Uint8Array;
  /** As it is after the power was cut. */
  durable: Uint8Array;
  /** Ranges of the cache that no sync has written yet. */
  dirty: readonly { readonly from: number; readonly to: number }[];
}

/**
 * A disk that keeps only what was synced: content with its file, names with their folder. What was
 * not synced is there after a power failure, or not, or in part. A sync that fails forgets what it
 * should have written, as Linux does, and the next one succeeds.
 */
export class LossyDisk implements FileSystem {
  /** Calls in order, for a look at what came before what. */
  readonly calls: string[] = [];
  #names = new Map<string, Inode>();
  #durableNames = new Map<string, Inode>();
  #unsyncedNames: ((names: Map<string, Inode>) => void)[] = [];
  #inodes = 0;
  readonly #next: (call: string) => Fault;
  readonly #cut = Promise.withResolvers<void>();
  #isDead = false;

  constructor(options: { readonly next?: (call: string) => Fault } = {}) {
    this.#next = options.next ?? (() => "none");
  }

  /** Resolves when the power fails. */
  get powerless(): Promise<void> {
    return this.#cut.promise;
  }

  /**
   * The disk after a power failure; `draw(n)` gives a number below `n`: how much of what was not
   * synced is there all the same.
   */
  restart(draw: (below: number) => number, next?: (call: string) => Fault): LossyDisk {
    const after = new LossyDisk(next === undefined ? {} : { next });
    const names = new Map(this.#durableNames);
    const kept = draw(this.#unsyncedNames.length + 1);
    for (const change of this.#unsyncedNames.slice(0, kept)) change(names);
    const copies = new Map<Inode, Inode>();
    for (const [name, inode] of names) {
      const copy = copies.get(inode) ?? survivorOf(inode, draw);
      copies.set(inode, copy);
      after.#names.set(name, copy);
    }
    after.#durableNames = new Map(after.#names);
    after.#inodes = this.#inodes;
    return after;
  }

  /** Names that are there now. */
  names(): readonly string[] {
    return [...this.#names.keys()].toSorted();
  }

  async open(path: string): Promise<AppendFile | undefined> {
    await this.#call("open");
    const inode = this.#names.get(path);
    return inode === undefined ? undefined : this.#file(inode);
  }

  async create(path: string): Promise<AppendFile> {
    await this.#call("create");
    if (this.#names.has(path)) throw systemError("EEXIST");
    const empty = new Uint8Array(0);
    const inode = { id: ++this.#inodes, cache: empty, durable: empty, dirty: [] };
    this.#rename((names) => names.set(path, inode));
    return this.#file(inode);
  }

  async replace(
    from: string,
    to: string,
    seen: FileLook | "nothing" | "anything",
  ): Promise<boolean> {
    await this.#call("replace");
    const inode = this.#names.get(from);
    if (inode === undefined) throw systemError("ENOENT");
    const there = this.#names.get(to);
    const look = there === undefined ? "nothing" : lookOf(there);
    if (seen !== "anything" && JSON.stringify(look) !== JSON.stringify(seen)) return false;
    this.#rename((names) => {
      names.delete(from);
      names.set(to, inode);
    });
    return true;
  }

  async remove(path: string): Promise<void> {
    await this.#call("remove");
    this.#rename((names) => names.delete(path));
  }

  async list(folder: string): Promise<readonly string[]> {
    await this.#call("list");
    const inside = this.names().filter((name) => name.startsWith(`${folder}/`));
    return inside.map((name) => name.slice(folder.length + 1));
  }

  async makeFolder(): Promise<void> {
    await this.#call("makeFolder");
  }

  async syncFolder(): Promise<void> {
    await this.#call("syncFolder");
    this.#durableNames = new Map(this.#names);
    this.#unsyncedNames = [];
  }

  async look(path: string): Promise<FileLook | undefined> {
    await this.#call("look");
    const inode = this.#names.get(path);
    return inode === undefined ? undefined : lookOf(inode);
  }

  async resolve(path: string): Promise<string> {
    await this.#call("resolve");
    return path;
  }

  lock(): FileLock {
    return { release: () => undefined };
  }

  #rename(change: (names: Map<string, Inode>) => void): void {
    change(this.#names);
    this.#unsyncedNames.push(change);
  }

  #file(inode: Inode): AppendFile {
    const grow = (bytes: Uint8Array): void => {
      const from = inode.cache.length;
      inode.cache = Uint8Array.from([...inode.cache, ...bytes]);
      inode.dirty = [...inode.dirty, { from, to: inode.cache.length }];
    };
    return {
      append: async (bytes) => {
        const fault = await this.#call("append", () => grow(bytes.subarray(0, bytes.length >> 1)));
        const part = fault === "short" ? bytes.subarray(0, Math.ceil(bytes.length / 2)) : bytes;
        grow(part);
        return part.length;
      },
      read: async ({ at, length }) => {
        await this.#call("read");
        return inode.cache.slice(at, at + length);
      },
      look: async () => {
        await this.#call("look");
        return lookOf(inode);
      },
      truncate: async (size) => {
        await this.#call("truncate");
        inode.cache = inode.cache.slice(0, size);
        inode.dirty = inode.dirty
          .map(({ from, to }) => ({ from, to: Math.min(to, size) }))
          .filter(({ from, to }) => from < to);
      },
      sync: async () => {
        await this.#call("sync", () => {
          inode.dirty = [];
        });
        inode.durable = written(inode);
        inode.dirty = [];
      },
      close: async () => {
        await this.#call("close");
      },
    };
  }

  /** Counts the call, and lets it go wrong; `half` is what a call has done that fails. */
  async #call(name: string, half?: () => void): Promise<Fault> {
    await Promise.resolve();
    const fault = this.#isDead ? "power" : this.#next(name);
    if (fault === "power") {
      if (!this.#isDead && name === "append") half?.();
      this.#isDead = true;
      this.#cut.resolve();
      // Nothing goes on any more.
      return new Promise(() => undefined);
    }
    this.calls.push(name);
    if (fault !== "fail") return fault;
    half?.();
    throw systemError(name === "sync" || name === "syncFolder" ? "EIO" : "ENOSPC");
  }
}

function lookOf({ id, cache }: Inode): FileLook {
  return { identity: id.toString(), size: cache.length };
}

/** The durable bytes with what is dirty written into them. */
function written({ cache, durable, dirty }: Inode): Uint8Array {
  const bytes = new Uint8Array(cache.length);
  bytes.set(durable.subarray(0, cache.length));
  for (const { from, to } of dirty) bytes.set(cache.subarray(from, to), from);
  return bytes;
}

/** Draws the beginning of the dirty data that reached the disk by itself. */
function survivorOf(inode: Inode, draw: (below: number) => number): Inode {
  const whole = written(inode);
  const isCut = whole.length < inode.durable.length;
  const grown = whole.slice(
    0,
    inode.durable.length + draw(Math.max(0, whole.length - inode.durable.length) + 1),
  );
  const durable = isCut && draw(2) === 0 ? inode.durable : grown;
  return { id: inode.id, cache: durable, durable, dirty: [] };
}

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: said by the disk of a test`), { code });
}
