import { join } from "node:path";
import type { BlockHeader, Sequence } from "@aethel/models";
import { boundedBytes, type Codec, sequence, struct } from "@aethel/models/codec";
import { type ChainStore, StoredBlock, type StoredState } from "../application/chain-store.ts";
import { PbftError } from "../errors.ts";
import { writeDurably } from "./durable-file.ts";
import type { FileSystem } from "./file-system.ts";
import { nodeFileSystem } from "./node-file-system.ts";
import { onDisk } from "./storage-failure.ts";
import { headerOfStored, STORED_HEADER_BYTES } from "./stored-header.ts";

/** Most bytes of a saved state. */
const STATE_BYTES_MAX = 1_073_741_824;

const SavedState: Codec<StoredState> = struct("SavedState", {
  sequence,
  bytes: boundedBytes(STATE_BYTES_MAX),
});

/**
 * Number of digits of a sequence in a file's name. With a fixed number, the files sort in the order
 * of the blocks.
 */
const DIGITS = 16;

/** Chain store in a folder, locked for other processes until it is closed. */
export interface FileChainStore extends ChainStore, AsyncDisposable {
  /** Waits for running writes, and releases the folder. */
  close(): Promise<void>;
}

/**
 * Opens the blocks and the state of one replica in a folder: a file for each block, and one for the
 * saved state. Each file is written completely under another name and then renamed, so that a crash
 * leaves no file half written. Opening lists the folder and reads no block.
 * @throws PbftError `LOCKED` if another process has the folder open; `CHAIN_DAMAGED` if a block is
 * missing between others; `STORAGE` if the disk is full, read-only or broken
 */
export function createFileChainStore(options: {
  readonly folder: string;
  /** File system to use. Default: that of this machine. */
  readonly fileSystem?: FileSystem;
}): Promise<FileChainStore> {
  const { folder, fileSystem = nodeFileSystem } = options;
  const blocksFolder = join(folder, "blocks");
  return onDisk(folder, async () => {
    await fileSystem.makeFolder(blocksFolder);
    const lock = fileSystem.lock(join(folder, "lock"));
    try {
      const blocks = await countBlocks(fileSystem, blocksFolder);
      const close = async (): Promise<void> => lock.release();
      return createStore({ folder, blocksFolder, fileSystem, blocks, close });
    } catch (error) {
      lock.release();
      throw error;
    }
  });
}

function createStore(options: {
  readonly folder: string;
  readonly blocksFolder: string;
  readonly fileSystem: FileSystem;
  readonly blocks: number;
  readonly close: () => Promise<void>;
}): FileChainStore {
  const { folder, blocksFolder, fileSystem, blocks } = options;
  const statePath = join(folder, "state");
  const pathOf = (at: Sequence): string => join(blocksFolder, nameOf(at));
  let tail: Promise<void> = Promise.resolve();
  let isClosed = false;
  const write = (path: string, content: Uint8Array): Promise<void> => {
    if (isClosed) return Promise.reject(new PbftError({ code: "STOPPED" }));
    const turn = tail.then(() => writeDurably({ path, content, fileSystem }));
    tail = turn.catch(() => undefined);
    return turn;
  };
  const close = (): Promise<void> => {
    isClosed = true;
    return tail.then(options.close);
  };
  return {
    async load() {
      const bytes = await read(fileSystem, statePath);
      const state = bytes === undefined ? undefined : decodeState(bytes, statePath);
      return { blocks, state };
    },
    append: (block) =>
      write(pathOf(block.finalized.block.header.sequence), StoredBlock.encode(block)),
    async block(at) {
      const bytes = await read(fileSystem, pathOf(at));
      return bytes === undefined ? undefined : decodeBlock(bytes, at);
    },
    async header(at) {
      const bytes = await read(fileSystem, pathOf(at), STORED_HEADER_BYTES);
      return bytes === undefined ? undefined : decodeHeader(bytes, at);
    },
    saveState: (state) => write(statePath, SavedState.encode(state)),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function nameOf(at: number): string {
  return String(at).padStart(DIGITS, "0");
}

/** Counts the blocks of a folder, and removes what a crash has left of an unfinished file. */
async function countBlocks(fileSystem: FileSystem, folder: string): Promise<number> {
  const names = (await fileSystem.list(folder)).toSorted();
  let blocks = 0;
  for (const name of names) {
    if (name.endsWith(".new")) {
      await fileSystem.remove(join(folder, name));
      continue;
    }
    if (name !== nameOf(blocks + 1)) {
      const reason = `${join(folder, nameOf(blocks + 1))} is missing, and ${name} is there`;
      throw damaged(blocks + 1, reason);
    }
    blocks += 1;
  }
  return blocks;
}

/** Reads a file, or only its first `most` bytes. Undefined if there is no such file. */
async function read(
  fileSystem: FileSystem,
  path: string,
  most = Number.POSITIVE_INFINITY,
): Promise<Uint8Array | undefined> {
  return onDisk(path, async () => {
    const file = await fileSystem.open(path);
    if (file === undefined) return undefined;
    try {
      const { size } = await file.look();
      return await file.read({ at: 0, length: Math.min(size, most) });
    } finally {
      await file.close();
    }
  });
}

function decodeBlock(bytes: Uint8Array, at: number): StoredBlock {
  try {
    return StoredBlock.decode(bytes);
  } catch (cause) {
    throw damaged(at, "its file holds no block", cause);
  }
}

function decodeHeader(bytes: Uint8Array, at: number): BlockHeader {
  try {
    const header = headerOfStored(bytes);
    if (header.sequence === at) return header;
  } catch (cause) {
    throw damaged(at, "its file holds no header", cause);
  }
  throw damaged(at, "its file holds the header of another block");
}

function decodeState(bytes: Uint8Array, path: string): StoredState {
  try {
    return SavedState.decode(bytes);
  } catch (cause) {
    const reason = `${path} holds no state`;
    const remedy = `remove ${path}: all blocks are applied again`;
    throw new PbftError({ code: "CHAIN_DAMAGED", sequence: 0, reason, remedy }, { cause });
  }
}

function damaged(at: number, reason: string, cause?: unknown): PbftError {
  const remedy =
    "put the file back from a copy, or remove the folder (not the signing log): the replica fetches all " +
    "blocks from its peers";
  return new PbftError({ code: "CHAIN_DAMAGED", sequence: at, reason, remedy }, { cause });
}
