import { expect } from '@jest/globals';
import { type Json, type JsonObject } from '@aumos/agf-domain';
import { BuiltinTools, runTool } from '../src/index.js';
import { context, type TestContext } from './context.js';

const tools = new BuiltinTools();

/** As a tool node runs it. */
export function run(name: string, args: JsonObject, call: TestContext = context()): Promise<Json> {
  const tool = tools.get(name);
  if (!tool) throw new Error(`no tool ${name}`);
  return runTool(tool, args, call);
}

export const refusal = (code: string, more: object = {}): Error =>
  expect.objectContaining({ code, ...more }) as unknown as Error;
