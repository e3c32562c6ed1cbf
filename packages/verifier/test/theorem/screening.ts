import { type ScreenCode, type Screening, screenScript } from "../../src/index.ts";

/** The screen's answer to a text. */
export function screen(script: string | Uint8Array): Screening {
  return screenScript(typeof script === "string" ? new TextEncoder().encode(script) : script);
}

/** The code with which a script is refused, or that it is not. */
export function refusal(script: string | Uint8Array): ScreenCode | "accepted" {
  const screening = screen(script);
  return screening.type === "refused" ? screening.fault.code : "accepted";
}

/** Line, column and message of a refusal, as a compiler writes them. */
export function complaint(script: string): string {
  const screening = screen(script);
  if (screening.type === "accepted") return "accepted";
  const before = script.slice(0, screening.fault.at).split("\n");
  const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  return `${place}: ${screening.fault.message}`;
}

/** The printing of a script that must be accepted. */
export function printed(script: string): string {
  const screening = screen(script);
  if (screening.type === "refused") throw new Error(complaint(script));
  return screening.script;
}
