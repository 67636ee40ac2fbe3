import { describe, expect, it } from '@jest/globals';
import { toLangGraph } from '../src/index.js';
import { EXPORTED, hostile, HOSTILE_TEXTS } from './export-fixtures.js';
import { golden } from './golden.js';
import { parsed, typeErrors } from './type-check.js';

/** All that a generated program calls. */
const CALLED =
  /^(Annotation|Annotation\.Root|graph\.(addEdge|addConditionalEdges|compile)|new StateGraph\(State\)\.addNode|run\.\w+|.*\.(map|flat|concat|values|stringify))$/;

describe('toLangGraph', () => {
  it.each(Object.entries(EXPORTED))('writes %s as it is committed', (name, definition) => {
    const text = toLangGraph(definition);
    expect(text).toBe(golden(`${name}.langgraph.txt`, text));
  });

  it.each(Object.entries(EXPORTED))('writes %s as a program that LangGraph takes', (_, definition) => {
    expect(typeErrors(toLangGraph(definition))).toEqual([]);
  });

  it('would be told of a program that it does not take', () => {
    const text = toLangGraph(EXPORTED['dataset-publish']!).replace(
      "graph.addEdge(START, 'profile_node')",
      "graph.addEdge(START, 'profile')",
    );
    expect(typeErrors(text)).toEqual([expect.stringContaining('"profile"')]);
  });

  it.each(HOSTILE_TEXTS)('keeps a hostile text a text: %j', (text) => {
    const { errors, imports, calls } = parsed(toLangGraph(hostile(text)));
    expect([errors, imports]).toEqual([0, 1]);
    expect(calls.filter((call) => !CALLED.test(call.replaceAll(/\s+/g, ' ')))).toEqual([]);
  });
});
