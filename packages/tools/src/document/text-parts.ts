/** Cuts a text into parts of at most so many characters, at the end of a paragraph, a line or a word where there is one. */
export function textParts(text: string, most: number): string[] {
  const parts: string[] = [];
  for (let rest = text.trim(); rest !== '';) {
    if (rest.length <= most) return [...parts, rest];
    const end = endOf(rest, most);
    parts.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trim();
  }
  return parts;
}

function endOf(text: string, most: number): number {
  const head = text.slice(0, most);
  for (const mark of ['\n\n', '\n', '. ', ' ']) {
    const at = head.lastIndexOf(mark);
    if (at > most / 2) return at + mark.length;
  }
  // Not between the halves of a surrogate pair.
  const last = head.charCodeAt(most - 1);
  return last >= 0xd800 && last <= 0xdbff ? most - 1 : most;
}
