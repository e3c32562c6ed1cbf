import type { AppendFile, FileSystem } from "../src/file/index.ts";

/** A run of calls of one of two processes, while the other one is held up. */
export interface Burst {
  readonly who: 0 | 1;
  readonly calls: number;
}

/**
 * Interleaves the calls of two processes on one file system, call by call, as `bursts` say; then in
 * turns. A process whose turn it is and that has ended leaves it to the other.
 */
export function createTurns(
  disk: FileSystem,
  bursts: readonly Burst[],
): {
  /** The file system as each process sees it. */
  readonly views: readonly [FileSystem, FileSystem];
  /** Runs both to their ends. */
  readonly run: <T>(lives: Promise<T>) => Promise<T>;
} {
  const waiting: [(() => void) | undefined, (() => void) | undefined] = [undefined, undefined];
  const gate = (who: 0 | 1): Promise<void> =>
    new Promise((resolve) => {
      waiting[who] = resolve;
    });
  const order = function* (): Generator<0 | 1> {
    for (const { who, calls } of bursts) for (let at = 0; at < calls; at++) yield who;
    for (;;) {
      yield 0;
      yield 1;
    }
  };
  return {
    views: [gated(disk, () => gate(0)), gated(disk, () => gate(1))],
    async run(lives) {
      let isOver = false;
      const ending = lives.finally(() => {
        isOver = true;
      });
      ending.catch(() => undefined);
      const turns = order();
      while (!isOver) {
        // Until both wait for their turn, or have ended.
        await new Promise((resolve) => setImmediate(resolve));
        const who = turns.next().value ?? 0;
        const next = waiting[who] === undefined ? (who === 0 ? 1 : 0) : who;
        const go = waiting[next];
        waiting[next] = undefined;
        go?.();
      }
      return ending;
    },
  };
}

function gated(disk: FileSystem, gate: () => Promise<void>): FileSystem {
  const after = async <T>(call: () => Promise<T>): Promise<T> => {
    await gate();
    return call();
  };
  const file = (inner: AppendFile): AppendFile => ({
    append: (bytes) => after(() => inner.append(bytes)),
    read: (range) => after(() => inner.read(range)),
    look: () => after(() => inner.look()),
    truncate: (size) => after(() => inner.truncate(size)),
    sync: () => after(() => inner.sync()),
    close: () => after(() => inner.close()),
  });
  return {
    open: (path) =>
      after(async () => {
        const inner = await disk.open(path);
        return inner === undefined ? undefined : file(inner);
      }),
    create: (path, mode) => after(async () => file(await disk.create(path, mode))),
    replace: (from, to, seen) => after(() => disk.replace(from, to, seen)),
    remove: (path) => after(() => disk.remove(path)),
    list: (folder) => after(() => disk.list(folder)),
    makeFolder: (path) => after(() => disk.makeFolder(path)),
    syncFolder: (path) => after(() => disk.syncFolder(path)),
    look: (path) => after(() => disk.look(path)),
    resolve: (path) => after(() => disk.resolve(path)),
    lock: (path) => disk.lock(path),
  };
}
