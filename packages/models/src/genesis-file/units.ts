/** Way in which files write one kind of quantity. */
export interface Unit<T> {
  /** Example for error messages, such as `12.5 tokens`. */
  readonly example: string;
  /**
   * Parses a text as a quantity of this kind. Undefined if it is none. The caller checks the range.
   */
  parse(text: string): T | undefined;
  /** Formats a value. `parse` reads the result back to the same value. */
  format(value: T): string;
}

const MICRO_PER_TOKEN = 1_000_000n;

/** Unit of micro-tokens. They are written as `1_000.5 tokens` or `10 micro-tokens`. */
export const tokens: Unit<bigint> = {
  example: "12.5 tokens or 10 micro-tokens",
  parse(text) {
    const parts = quantity(text);
    if (parts === undefined) return undefined;
    const scale = { token: 6, tokens: 6, "micro-token": 0, "micro-tokens": 0 }[parts.unit];
    return scale === undefined ? undefined : scaled(parts, scale);
  },
  format(value) {
    if (value % 1_000n !== 0n) return `${grouped(value)} micro-token${value === 1n ? "" : "s"}`;
    const rest = value % MICRO_PER_TOKEN;
    const decimals = rest === 0n ? "" : `.${String(rest).padStart(6, "0").replace(/0+$/, "")}`;
    const unit = value === MICRO_PER_TOKEN ? "token" : "tokens";
    return `${grouped(value / MICRO_PER_TOKEN)}${decimals} ${unit}`;
  },
};

/** Unit of milliseconds. Reads `s`, `min` and `h` too. */
export const milliseconds: Unit<number> = numberUnit("1_500 ms or 1.5 s", "ms", {
  ms: 1n,
  s: 1_000n,
  min: 60_000n,
  h: 3_600_000n,
});

/** Unit of basis points. Reads `%` too. */
export const basisPoints: Unit<number> = numberUnit("500 basis points or 5 %", "basis points", {
  "basis points": 1n,
  "%": 100n,
});

/** Unit of bytes. Reads `KiB` and `MiB` too. */
export const bytes: Unit<number> = numberUnit("4 MiB or 4_194_304 bytes", "bytes", {
  bytes: 1n,
  KiB: 1_024n,
  MiB: 1_048_576n,
});

/** Unit of numbers of blocks. */
export const blocks: Unit<number> = numberUnit("100 blocks", "blocks", { block: 1n, blocks: 1n });

/** Unit of solver units and execution units. */
export const solverUnits: Unit<number> = numberUnit("20_000_000 units", "units", { units: 1n });

/** Unit of amounts of a declared asset, which are whole numbers. */
export const units: Unit<bigint> = {
  example: "1_000",
  parse(text) {
    const parts = quantity(text);
    if (parts === undefined || parts.unit !== "") return undefined;
    return divided(parts.digits, 10n ** BigInt(parts.decimals));
  },
  format: grouped,
};

/** Unit of a parameter that is yes or no. */
export const yesOrNo: Unit<boolean> = {
  example: "no or yes",
  parse: (text) => (text === "yes" ? true : text === "no" ? false : undefined),
  format: (value) => (value ? "yes" : "no"),
};

/** Unit of numbers that have no unit. */
export const plainNumber: Unit<number> = numberUnit("1_000", "", { "": 1n });

function numberUnit(
  example: string,
  written: string,
  sizes: Readonly<Record<string, bigint>>,
): Unit<number> {
  return {
    example,
    parse(text) {
      const parts = quantity(text);
      if (parts === undefined || !Object.hasOwn(sizes, parts.unit)) return undefined;
      const size = sizes[parts.unit] ?? 1n;
      const value = divided(parts.digits * size, 10n ** BigInt(parts.decimals));
      return value === undefined ? undefined : Number(value);
    },
    format: (value) => `${grouped(BigInt(value))} ${written}`.trimEnd(),
  };
}

interface Quantity {
  /** Digits without the decimal point. */
  readonly digits: bigint;
  /** Number of digits after the decimal point. */
  readonly decimals: number;
  readonly unit: string;
}

/**
 * Parses a quantity such as `1_000.5 tokens`. Undefined if the text has another form. The number
 * may have as many digits as the longest number of a chain.
 */
function quantity(text: string): Quantity | undefined {
  const match = /^(\d(?:_?\d){0,29})(?:\.(\d{1,9}))? ?([a-zA-Z%][a-zA-Z -]{0,15})?$/.exec(text);
  if (match === null) return undefined;
  const [, whole = "", decimals = "", unit = ""] = match;
  const digits = BigInt(whole.replaceAll("_", "") + decimals);
  return { digits, decimals: decimals.length, unit };
}

function scaled({ digits, decimals }: Quantity, scale: number): bigint | undefined {
  return divided(digits * 10n ** BigInt(scale), 10n ** BigInt(decimals));
}

/** Divides exactly; undefined if there is a remainder. */
function divided(value: bigint, by: bigint): bigint | undefined {
  return value % by === 0n ? value / by : undefined;
}

function grouped(value: bigint): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, "_");
}
