import { group } from "@aethel/terminal";

/** Formats micro-tokens as tokens: `9,999.979488`. */
export function formatTokens(microTokens: bigint): string {
  const sign = microTokens < 0n ? "-" : "";
  const size = microTokens < 0n ? -microTokens : microTokens;
  const fraction = (size % 1_000_000n).toString().padStart(6, "0").replace(/0+$/, "");
  const whole = group(size / 1_000_000n);
  return `${sign}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

/** Formats micro-tokens as tokens with six decimals, for columns. */
export function formatTokensFixed(microTokens: bigint): string {
  const [whole = "", fraction = ""] = formatTokens(microTokens).split(".");
  return `${whole}.${fraction.padEnd(6, "0")}`;
}

/** Formats a short time: `2.5 ms`, `850 ms`, `12.0 s`. */
export function formatMs(milliseconds: number): string {
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 10_000) return `${milliseconds.toFixed(0)} ms`;
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Formats a time in its two largest units: `45 s`, `3 min 20 s`, `2 d 4 h`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 1) return "less than a second";
  const parts = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3_600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ] as const;
  const first = parts.findIndex(([amount]) => amount > 0);
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(" ");
}

/** Formats a number of bytes: `812 bytes`, `4.2 MB`. */
export function formatBytes(bytes: number): string {
  for (const [unit, size] of BYTE_UNITS) {
    if (bytes >= size) return `${(bytes / size).toFixed(1)} ${unit}`;
  }
  return `${Math.round(bytes)} bytes`;
}

const BYTE_UNITS = [
  ["GB", 1e9],
  ["MB", 1e6],
  ["kB", 1e3],
] as const;

/** Shortens hex to its first 8 digits. */
export function short(hex: string): string {
  return hex.slice(0, 8);
}

/** Cuts text without colours to a width, with an ellipsis. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/**
 * Breaks text into lines of at most `width` characters, between words if possible. Line breaks and
 * indents that the text already has are kept.
 */
export function wrap(text: string, width: number): readonly string[] {
  return text.split("\n").flatMap((line) => {
    const lines: string[] = [];
    let rest = line;
    while (rest.length > width) {
      const space = rest.lastIndexOf(" ", width);
      const at = space > width / 2 ? space : width;
      lines.push(rest.slice(0, at));
      rest = rest.slice(at).trimStart();
    }
    return [...lines, rest];
  });
}
