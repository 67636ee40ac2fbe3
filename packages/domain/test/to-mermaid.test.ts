import { describe, expect, it } from '@jest/globals';
import { toMermaid } from '../src/index.js';
import { EXPORTED, hostile, HOSTILE_TEXTS } from './export-fixtures.js';
import { golden } from './golden.js';

const LABEL = /"[^"#&<>`;|(){}[\]\\%\n]*(?:(?:#\d+;|<br\/>)[^"#&<>`;|(){}[\]\\%\n]*)*"/.source;
const NODE = new RegExp(
  `^  (?:start\\(\\(START\\)\\)|finish\\(\\(END\\)\\)|[nuj]\\d+[[({>\\\\/]{1,2}${LABEL}[\\])}\\\\/]{1,2})$`,
);
const EDGE = new RegExp(`^  \\w+ -(?:-|\\.-)>(?:\\|${LABEL}\\|)? \\w+$`);

describe('toMermaid', () => {
  it.each(Object.entries(EXPORTED))('draws %s as it is committed', (name, definition) => {
    const text = toMermaid(definition);
    expect(text).toBe(golden(`${name}.mmd`, text));
  });

  it.each(['plain', ...HOSTILE_TEXTS])('writes nothing but nodes and edges, whatever the texts: %j', (text) => {
    const [first, ...lines] = toMermaid(hostile(text)).trimEnd().split('\n');
    expect(first).toBe('flowchart TD');
    expect(lines.filter((line) => !NODE.test(line) && !EDGE.test(line))).toEqual([]);
  });

  it('draws what names no node as unknown, and each place of an id once', () => {
    const text = toMermaid(hostile('x'));
    expect(text).toContain('u0["unknown: nowhere"]');
    expect(text).toContain('u1["unknown: elsewhere"]');
    expect(text.match(/"again<br\/>/g)).toHaveLength(2);
  });

  it('cuts long texts', () => {
    expect(toMermaid(hostile('y'.repeat(10_000))).length).toBeLessThan(3_000);
  });
});
