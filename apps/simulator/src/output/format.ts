/** Formats milliseconds as `1.5 s`. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}

/** Formats milliseconds as `0:07`, `12:34` or `1:02:03`. */
export function clockTime(milliseconds: number): string {
  const whole = Math.round(milliseconds / 1_000);
  const two = (value: number): string => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3_600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = two(whole % 60);
  return hours === 0 ? `${minutes}:${rest}` : `${hours}:${two(minutes)}:${rest}`;
}

/** Width of tables and texts in columns: the default width of a terminal. */
export const TEXT_COLUMNS = 80;

/** Breaks a text into lines of at most 80 columns; lines after the first are indented. */
export function wrap(text: string, indent = ""): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= TEXT_COLUMNS) {
      lines[lines.length - 1] = `${line} ${word}`;
    } else {
      lines.push(lines.length === 0 ? word : indent + word);
    }
  }
  return lines.join("\n");
}
