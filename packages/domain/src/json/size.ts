const QUOTES = 2;

/** Bytes of a string's UTF-8 JSON, quotes and escapes included. */
function textSize(text: string): number {
  let size = QUOTES;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22 || code === 0x5c) size += 2;
    else if (code < 0x20) size += code >= 8 && code <= 13 && code !== 11 ? 2 : 6;
    else if (code < 0x80) size += 1;
    else if (code < 0x800) size += 2;
    else if (code >= 0xd800 && code <= 0xdfff) {
      const paired = code < 0xdc00 && isLow(text.charCodeAt(i + 1));
      // A lone surrogate is written as its \uXXXX escape.
      size += paired ? 4 : 6;
      if (paired) i++;
    } else size += 3;
  }
  return size;
}
const isLow = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;

function leafSize(value: unknown): number {
  if (typeof value === 'string') return textSize(value);
  if (typeof value === 'boolean') return value ? 4 : 5;
  return typeof value === 'number' && Number.isFinite(value) ? String(value).length : 4;
}

/**
 * Bytes of a value's UTF-8 JSON, as `STATE_LIMIT` counts them, without building the text.
 * Works on any depth; members that JSON drops (undefined) count nothing.
 */
export function jsonSize(value: unknown): number {
  let size = 0;
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) {
      size += leafSize(next);
    } else if (Array.isArray(next)) {
      size += Math.max(2, next.length + 1);
      for (const item of next) open.push(item);
    } else {
      size += membersSize(next as Record<string, unknown>, open);
    }
  }
  return size;
}

function membersSize(object: Record<string, unknown>, open: unknown[]): number {
  let size = 0;
  let count = 0;
  for (const key of Object.keys(object)) {
    if (object[key] === undefined) continue;
    count++;
    size += textSize(key) + 1;
    open.push(object[key]);
  }
  return size + Math.max(2, count + 1);
}
