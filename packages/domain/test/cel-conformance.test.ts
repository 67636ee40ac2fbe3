import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { compileNode } from '../src/expression/compile-node.js';
import { Evaluation } from '../src/expression/evaluation.js';
import { parseCel } from '../src/expression/parse.js';
import { formatDuration, formatTimestamp, parseDuration, parseTimestamp } from '../src/expression/time.js';
import { TYPE_BY_NAME, typeName } from '../src/expression/type.js';
import { type CelValue, Duration, Timestamp, TypeValue, Uint } from '../src/expression/value.js';

interface Case {
  suite: string;
  expr: string;
  want: 'error' | Wire;
  bindings?: Record<string, Wire>;
}
/** A value in CEL's JSON form: one member, named by its kind. */
type Wire = Record<string, unknown>;
type Members = { values?: Wire[]; entries?: { key: Wire; value: Wire }[]; '@type'?: string; value?: string };

const NON_FINITE: Record<string, number> = { NaN, Infinity, '-Infinity': -Infinity };
const READ: Record<string, (value: string) => CelValue> = {
  int64Value: (value) => BigInt(value),
  uint64Value: (value) => new Uint(BigInt(value)),
  doubleValue: (value) => NON_FINITE[value] ?? Number(value),
  bytesValue: (value) => new Uint8Array(Buffer.from(value, 'base64')),
  typeValue: (value) => new TypeValue(TYPE_BY_NAME.get(value) ?? -1),
};
const READ_MEMBERS: Record<string, (value: Members) => CelValue> = {
  listValue: ({ values = [] }) => values.map(read),
  mapValue: ({ entries = [] }) => new Map(entries.map(({ key, value }) => [read(key) as string, read(value)])),
  objectValue: ({ '@type': type = '', value = '' }) =>
    type.endsWith('Timestamp') ? parseTimestamp(value) : parseDuration(value),
};
function read(wire: Wire): CelValue {
  const [[kind, value]] = Object.entries(wire) as [[string, unknown]];
  if (kind === 'nullValue') return null;
  const members = READ_MEMBERS[kind];
  if (members) return members(value as Members);
  return READ[kind]?.(String(value)) ?? (value as CelValue);
}

/** One text a value, in which kinds differ and the order of keys does not. */
function shown(value: CelValue): string {
  if (typeof value === 'bigint') return `int ${value}`;
  if (typeof value === 'number') return `double ${value}`;
  if (Array.isArray(value)) return `[${value.map(shown).join()}]`;
  if (value instanceof Uint) return `uint ${value.value}`;
  if (value instanceof Timestamp) return formatTimestamp(value);
  if (value instanceof Duration) return formatDuration(value);
  if (value instanceof TypeValue) return `type ${typeName(value.mask)}`;
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (value instanceof Map)
    return `{${[...value]
      .map((pair) => pair.map(shown).join(': '))
      .sort()
      .join()}}`;
  return JSON.stringify(value);
}

function outcome({ expr, bindings = {} }: Case): string {
  const scope = Object.fromEntries(Object.entries(bindings).map(([name, wire]) => [name, read(wire)]));
  try {
    const outer = { variables: new Set(Object.keys(scope)), locals: new Map(), loops: 0, depth: 0 };
    return shown(compileNode(parseCel(expr), outer).run(new Evaluation(scope as never)));
  } catch {
    return 'error';
  }
}

/** Where this language is meant to differ, or its parser takes less. A fix of one makes its test fail here. */
const DIFFERENT: [why: string, is: (one: Case) => boolean][] = [
  ['names are known at publish', ({ expr }) => /^(?:x|f_unknown\(17\)|a\.\w+\(\)) \|\| true$/.test(expr)],
  ['logic takes bools only, at publish', ({ expr }) => /32$|^'horses'/.test(expr)],
  ['doubles have a remainder', ({ expr }) => expr === '47.5 % 5.5'],
  [
    'an int and a double are compared exactly',
    ({ expr }) =>
      /dyn\(9223372036854775807\) (<|>=) 9223372036854775808\.0|dyn\(9223372036854775808\.0\) (>|<=) /.test(expr),
  ],
  ['no `quoted` member names: x["a-b"] does it', ({ expr }) => expr.includes('`')],
  ['no number begins with its point', ({ expr }) => expr.startsWith('.99')],
  ['bytes are written as escapes', ({ expr }) => /^b'ÿ'|303.*b'ÿ'$/.test(expr)],
  ['halves are rounded up', ({ expr }) => expr === '"%.0f".format([2.5])'],
];
const lines = readFileSync(new URL('./fixtures/cel-conformance.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const cases = lines.map((line) => JSON.parse(line) as Case);

describe('the cases of the CEL specification', () => {
  const same = cases.filter((one) => !DIFFERENT.some(([, is]) => is(one)));
  it.each([...new Set(same.map(({ suite }) => suite))])('%s', (suite) => {
    const own = same.filter((one) => one.suite === suite);
    const got = own.map((one) => ({ expr: one.expr, is: outcome(one) }));
    const wanted = own.map(({ expr, want }) => ({ expr, is: want === 'error' ? want : shown(read(want)) }));
    expect(got).toEqual(wanted);
  });
  it.each(DIFFERENT)('differs on purpose: %s', (_why, is) => {
    const own = cases.filter(is);
    expect(own.length).toBeGreaterThan(0);
    for (const one of own)
      expect([one.expr, outcome(one)]).not.toEqual([one.expr, one.want === 'error' ? one.want : shown(read(one.want))]);
  });
});
