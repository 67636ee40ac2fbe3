/** Code points, at most, of an error's text that rows, events and answers carry. */
export const ERROR_TEXT_LIMIT = 2_000;

/** The text's first `limit` code points: never half of a surrogate pair, which no database and no JSON takes. */
export function shortened(text: string, limit = ERROR_TEXT_LIMIT): string {
  if (text.length <= limit) return text;
  let end = 0;
  for (let points = 0; points < limit && end < text.length; points++)
    end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  return text.slice(0, end);
}
