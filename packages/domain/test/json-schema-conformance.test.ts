import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { compileSchema, InvalidSchemaError, type Json, type JsonSchema } from '../src/runtime.js';

interface Group {
  suite: string;
  group: string;
  schema: JsonSchema;
  tests: [description: string, data: Json, valid: boolean][];
}
const lines = readFileSync(new URL('./fixtures/json-schema-2020-12.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const groups = lines.map((line) => JSON.parse(line) as Group);

/** A reference that leaves the document, or a second document inside it: refused when it is compiled. */
const leaves = (schema: JsonSchema): boolean => {
  const text = JSON.stringify(schema);
  const refs = [...text.matchAll(/"\$(?:ref|dynamicRef)":"([^"]*)"/g)].map(([, ref]) => ref as string);
  return refs.some((ref) => !ref.startsWith('#'));
};
const nestedId = ({ group }: Group): boolean =>
  group === 'after leaving a dynamic scope, it is not used by a $dynamicRef';

describe('JSON-Schema-Test-Suite, draft 2020-12', () => {
  const local = groups.filter((group) => !leaves(group.schema) && !nestedId(group));
  it.each([...new Set(local.map(({ suite }) => suite))])('%s', (suite) => {
    for (const { group, schema, tests } of local.filter((one) => one.suite === suite)) {
      const compiled = compileSchema(schema);
      for (const [description, data, valid] of tests)
        expect([group, description, compiled.check(data).length === 0]).toEqual([group, description, valid]);
    }
  });
  it('refuses every schema that needs another document', () => {
    const remote = groups.filter((group) => leaves(group.schema) || nestedId(group));
    expect(remote.length).toBeGreaterThan(20);
    for (const { schema } of remote) expect(() => compileSchema(schema)).toThrow(InvalidSchemaError);
  });
});
