/** Longer texts are cut: a diagram is to be looked at. */
const LONGEST = 120;
/** What cannot end a label, begin a directive or markdown, or be read as HTML, whatever stands beside it. */
const HARMLESS = /[\p{L}\p{N} _.,:+*/=?!'@$^~-]/u;

/** Any text as a quoted Mermaid label: one line, every other character by its number (`#60;` for `<`). */
export const labelOf = (...lines: string[]): string => `"${lines.map(escaped).join('<br/>')}"`;

const escaped = (text: string): string => {
  const characters = [...text.slice(0, LONGEST + 1)];
  const shown = characters.length > LONGEST ? [...characters.slice(0, LONGEST), '…'] : characters;
  return shown.map((character) => escapedCharacter(character)).join('');
};

const escapedCharacter = (character: string): string => {
  if (HARMLESS.test(character) || character === '…') return character;
  if (/[\p{C}\p{Z}]/u.test(character)) return ' ';
  return `#${character.codePointAt(0)};`;
};
