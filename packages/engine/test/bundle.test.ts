import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { APPROVAL_BUNDLE_PATH, GRAPH_BUNDLE_PATH, GRAPH_BUNDLE_WITH_STACKS_PATH } from '../src/worker/bundles.js';

const MIB = 1024 * 1024;
const read = (path: string): string => readFileSync(path, 'utf8');

describe('workflow bundles', () => {
  it.each([
    ['graph', GRAPH_BUNDLE_PATH, 3.2],
    ['approval', APPROVAL_BUNDLE_PATH, 0.7],
  ])('%s stays small: each worker thread evaluates it for each workflow', (_, path, mib) => {
    expect(statSync(path).size).toBeLessThan(mib * MIB);
  });

  it.each([
    ['graph', GRAPH_BUNDLE_PATH, ['zod', 'graphology', 'langsmith', 'pg', 'ioredis']],
    [
      'approval',
      APPROVAL_BUNDLE_PATH,
      ['zod', 'graphology', '@langchain/core', '@langchain/langgraph', '@marcbachmann/cel-js'],
    ],
  ])('%s leaves out what a workflow must not run', (_, path, packages) => {
    const code = read(path);
    expect(packages.filter((name) => code.includes(`node_modules/${name}/`))).toEqual([]);
  });

  it('has the whole graph engine in it, with LangGraph itself', () => {
    const code = read(GRAPH_BUNDLE_PATH);
    expect(code).toContain('node_modules/@langchain/langgraph/dist/pregel/');
    expect(code).toContain('graphWorkflow');
  });

  it('captures stacks in one variant only', () => {
    expect(read(GRAPH_BUNDLE_PATH).startsWith('Error.stackTraceLimit=0;')).toBe(true);
    expect(read(GRAPH_BUNDLE_WITH_STACKS_PATH)).not.toContain('Error.stackTraceLimit=0;');
  });

  it('names no folder of the machine that built it', () => {
    for (const path of [GRAPH_BUNDLE_PATH, APPROVAL_BUNDLE_PATH]) expect(read(path)).not.toContain(process.cwd());
  });
});
