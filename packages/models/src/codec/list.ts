import { type Codec, codecOf } from "./codec.ts";
import { within } from "./field-error.ts";
import { type Layout, type Memory, readExactly } from "./layout.ts";

/** Bytes of an SSZ offset. */
const OFFSET_BYTES = 4;

/** SSZ `List[item, limit]`. */
export function list<T>(item: Codec<T>, limit: number): Codec<readonly T[]> {
  const isFixed = item.layout.fixedSize !== undefined;
  const layout = isFixed ? listOfFixed(item.layout) : listOfVariable(item.layout, limit);
  const room = item.layout.maxSize + (isFixed ? 0 : OFFSET_BYTES);
  return codecOf<readonly T[]>(`list of ${item.name}`, {
    ...layout,
    schema: { type: "list", item: item.layout.schema, limit },
    fixedSize: undefined,
    minSize: 0,
    maxSize: limit * room,
    write(memory, at, value) {
      if (value.length > limit) throw new Error(`more than ${limit} items`);
      return layout.write(memory, at, value);
    },
    toJson: (value) => arrayOf<T>(value).map((one) => item.layout.toJson(one)),
    fromJson(json) {
      const items = arrayOf<unknown>(json);
      return collect(items.length, (index) => item.layout.fromJson(items[index]));
    },
  });
}

type Items<T> = Pick<Layout<readonly T[]>, "sizeOf" | "write" | "read">;

/**
 * Layout of items of one size, one after another. Their number is bounded by the list's `maxSize`.
 */
function listOfFixed<T>(item: Layout<T>): Items<T> {
  const size = item.minSize;
  return {
    sizeOf: (value) => arrayOf<T>(value).length * size,
    write(memory, at, value) {
      forEach(value, (one, index) => {
        item.write(memory, at + index * size, one);
      });
      return at + value.length * size;
    },
    read(memory, start, end) {
      const count = (end - start) / size;
      if (!Number.isInteger(count))
        throw new Error(`${end - start} bytes are no multiple of ${size}`);
      return collect(count, (index) => {
        const at = start + index * size;
        return item.read(memory, at, at + size);
      });
    },
  };
}

/**
 * Layout of items whose size varies: first an offset for each item, then the items. The first
 * offset tells their number.
 */
function listOfVariable<T>(item: Layout<T>, limit: number): Items<T> {
  return {
    sizeOf(value) {
      let size = 0;
      forEach(arrayOf<T>(value), (one) => {
        size += OFFSET_BYTES + item.sizeOf(one);
      });
      return size;
    },
    write(memory, at, value) {
      let end = at + OFFSET_BYTES * value.length;
      forEach(value, (one, index) => {
        memory.view.setUint32(at + OFFSET_BYTES * index, end - at, true);
        end = item.write(memory, end, one);
      });
      return end;
    },
    read(memory, start, end) {
      const size = end - start;
      if (size === 0) return [];
      const count = countOf(memory, start, size);
      if (count > limit) throw new Error(`more than ${limit} items`);
      return collect(count, (index) => {
        const from = offsetAt(memory, start, index);
        const to = index + 1 === count ? size : offsetAt(memory, start, index + 1);
        if (to < from || to > size) throw new Error(`offset ${to} is not in ${from} .. ${size}`);
        return readExactly(item, memory, start + from, start + to);
      });
    },
  };
}

/** Returns the number of items, which is bounded by the number of bytes that are there. */
function countOf(memory: Memory, start: number, size: number): number {
  const first = size < OFFSET_BYTES ? 0 : offsetAt(memory, start, 0);
  if (first > 0 && first % OFFSET_BYTES === 0 && first <= size) return first / OFFSET_BYTES;
  throw new Error(`first offset ${first} is no multiple of ${OFFSET_BYTES} in 4 .. ${size}`);
}

function offsetAt({ view }: Memory, start: number, index: number): number {
  return view.getUint32(start + OFFSET_BYTES * index, true);
}

function collect<T>(count: number, make: (index: number) => T): T[] {
  const items: T[] = [];
  try {
    while (items.length < count) items.push(make(items.length));
  } catch (error) {
    throw within(items.length, error);
  }
  return items;
}

function forEach<T>(items: readonly T[], action: (item: T, index: number) => void): void {
  let index = 0;
  try {
    for (; index < items.length; index++) action(items[index] as T, index);
  } catch (error) {
    throw within(index, error);
  }
}

function arrayOf<T>(value: unknown): readonly T[] {
  if (Array.isArray(value)) return value;
  throw new Error("expected an array");
}
