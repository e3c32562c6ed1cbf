import type { Unit } from "./units.ts";

const MS_PER_DAY = 86_400_000;
/** 10000-01-01 in milliseconds since 1970. ISO 8601 writes years of five digits in another form. */
const ISO_END_MS = 253_402_300_800_000;

/**
 * Unit of times: milliseconds since 1970. They are written as `2026-01-01T00:00:00.000Z`, and after
 * the year 9999 as a number of milliseconds. Does not use JavaScript's `Date`.
 */
export const instant: Unit<number> = {
  example: "2026-01-01T00:00:00Z",
  parse(text) {
    const far = /^(\d{1,16}) ms$/.exec(text);
    if (far !== null) return safe(Number(far[1]));
    const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{3}))?)?Z$/.exec(text);
    if (match === null) return undefined;
    const [year, month, day, hour, minute, second, ms] = match
      .slice(1)
      .map((part) => Number(part ?? 0));
    const value =
      daysBefore(year ?? 0, month ?? 0, day ?? 0) * MS_PER_DAY +
      (((hour ?? 0) * 60 + (minute ?? 0)) * 60 + (second ?? 0)) * 1_000 +
      (ms ?? 0);
    // A 30th of February, or an hour 25, comes back as another day.
    return value >= 0 && isoText(value).startsWith(text.slice(0, 16)) && (second ?? 0) < 60
      ? value
      : undefined;
  },
  format: (value) => (value < ISO_END_MS ? isoText(value) : `${value} ms`),
};

function isoText(ms: number): string {
  const days = Math.floor(ms / MS_PER_DAY);
  const rest = ms - days * MS_PER_DAY;
  const { year, month, day } = civil(days);
  const [h, m, s] = [
    Math.floor(rest / 3_600_000),
    Math.floor(rest / 60_000) % 60,
    Math.floor(rest / 1_000) % 60,
  ];
  const time = `${two(h)}:${two(m)}:${two(s)}.${String(rest % 1_000).padStart(3, "0")}`;
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T${time}Z`;
}

// Howard Hinnant, "chrono-compatible low-level date algorithms": days since 1970-01-01 in the
// Gregorian calendar, counted in eras of 400 years that begin on a 1st of March.

function daysBefore(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function civil(days: number): { year: number; month: number; day: number } {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const mp = Math.floor((5 * dayOfYear + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  const day = dayOfYear - Math.floor((153 * mp + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

function safe(value: number): number | undefined {
  return Number.isSafeInteger(value) ? value : undefined;
}
