/**
 * Opens the signing log named on the command line and appends to it: says the number of each record
 * that is durable, and in the end what refused the next one.
 */
import { writeSync } from "node:fs";
import { PbftError } from "../src/errors.ts";
import { createFileSigningLog } from "../src/file/index.ts";

const [path = "", mode] = process.argv.slice(2);
try {
  const log = await createFileSigningLog({ path, allowNewSigningState: "new-key" });
  for (let count = 1; ; count++) {
    await log.append(new Uint8Array(mode === "fill" ? 3_000 : 40).fill(count));
    // At once: a line in a buffer would be lost with the process.
    writeSync(1, `${count}\n`);
  }
} catch (error) {
  const { fault } = error instanceof PbftError ? error : { fault: undefined };
  const reason = fault?.code === "STORAGE" ? fault.errno : (fault?.code ?? String(error));
  writeSync(1, `refused ${reason}\n`);
}
