const MAX_LENGTH = 200;

/** A cell as a result shows it: short, and without NUL, which the platform's database does not take in JSON. */
export function shown(text: string): string {
  const clean = text.replaceAll('\0', '\uFFFD');
  if (clean.length <= MAX_LENGTH) return clean;
  const cut = clean.slice(0, MAX_LENGTH - 1);
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}
