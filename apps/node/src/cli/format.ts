/** Digits in groups of three, whatever the machine's locale. */
export function group(value: number | bigint): string {
  return value.toString().replace(/\B(?=(\d{3})+$)/g, " ");
}

/** Micro-tokens as tokens, to the last micro-token: `9 999.979488`. */
export function formatTokens(microTokens: bigint): string {
  const sign = microTokens < 0n ? "-" : "";
  const size = microTokens < 0n ? -microTokens : microTokens;
  const fraction = (size % 1_000_000n).toString().padStart(6, "0").replace(/0+$/, "");
  const whole = group(size / 1_000_000n);
  return `${sign}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

/** Milliseconds for people. */
export function formatMs(milliseconds: number): string {
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 10_000) return `${milliseconds.toFixed(0)} ms`;
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** The first bytes of something in hex: enough to tell things apart on a screen. */
export function short(hex: string): string {
  return hex.slice(0, 8);
}

/** Text without colours, cut to a width with an ellipsis. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** `1 proof`, `2 proofs`. */
export function count(number: number, noun: string): string {
  return `${group(number)} ${noun}${number === 1 ? "" : "s"}`;
}
