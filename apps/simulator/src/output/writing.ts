import { TestkitError } from "@aethel/testkit";

/**
 * Writes files that a flag names.
 * @throws TestkitError `CONFIG` with the flag and the reason if that fails.
 */
export function writing(flag: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TestkitError({ code: "CONFIG", problems: [`${flag}: ${reason}`] });
  }
}
