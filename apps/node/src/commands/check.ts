import { openDataDirectory } from "../data-directory.ts";
import { lockDirectory } from "../files/directory-lock.ts";
import { type Found, probeDatabase } from "../storage/open-database.ts";
import { print } from "../terminal/output.ts";

/** Runs `aethel check`: exit code 0 if the data directory is undamaged. */
export async function checkDirectory(options: {
  readonly dataDir: string;
  readonly json?: boolean;
}): Promise<number> {
  const layout = await openDataDirectory(options.dataDir);
  const lock = lockDirectory(layout.lock);
  try {
    const found = await probeDatabase(layout);
    if (options.json === true) print(JSON.stringify(found ?? { sequence: 0 }));
    else if (found === undefined) print("whole: no block yet");
    else {
      const { sequence, root, keys } = found;
      print(`whole: sequence ${sequence}, state root ${root}, ${keys} keys, ${historyOf(found)}`);
    }
    return 0;
  } finally {
    lock.release();
  }
}

/** Describes the stored blocks and headers. */
function historyOf({ sequence, oldestBlock, oldestHeader }: Found): string {
  const blocks = oldestBlock > sequence ? "no blocks" : `blocks from ${oldestBlock} on`;
  return oldestHeader < oldestBlock ? `${blocks}, headers from ${oldestHeader} on` : blocks;
}
