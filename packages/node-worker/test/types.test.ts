import { describe, expect, it } from '@jest/globals';
import { defineWorkflow, END, handlersOf, START, type Json, type JsonObject } from '@aumos/agf-domain';
import { z } from 'zod';
import { defineHandler, type Handler, type Handlers } from '../src/index.js';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Holds where it compiles. */
const holds = <T extends true>(holds?: T): T | undefined => holds;
type Args<H> = H extends Handler<infer A, unknown> ? A : never;
type Result<H> = H extends Handler<never, infer R> ? R : never;

describe('types of a handler', () => {
  it('follow from JSON Schema', () => {
    const handler = defineHandler({
      input: {
        type: 'object',
        properties: {
          id: { type: 'string' },
          count: { type: 'integer', minimum: 1 },
          tags: { type: 'array', items: { enum: ['a', 'b'] } },
          place: {
            anyOf: [{ type: 'null' }, { type: 'object', properties: { x: { type: 'number' } }, required: ['x'] }],
          },
          either: { type: ['string', 'null'] },
          free: {},
        },
        required: ['id', 'tags'],
      },
      output: { type: 'object', properties: { done: { const: true } }, required: ['done'] },
      run: (args) => {
        holds<Equal<typeof args.id, string>>();
        holds<Equal<typeof args.count, number | undefined>>();
        holds<Equal<typeof args.tags, ('a' | 'b')[]>>();
        holds<Equal<typeof args.place, { x: number } | null | undefined>>();
        holds<Equal<typeof args.either, string | null | undefined>>();
        holds<Equal<typeof args.free, Json | undefined>>();
        // @ts-expect-error: it has no such member
        void args.other;
        return { done: true } as const;
      },
    });
    holds<Equal<Result<typeof handler>, { done: true }>>();
    const output = { type: 'object', properties: { done: { type: 'boolean' } }, required: ['done'] } as const;
    // @ts-expect-error: `done` is missing
    defineHandler({ output, run: () => ({}) });
    expect(handler.run).toBeInstanceOf(Function);
  });

  it('follow from zod: what it gives is what comes in, what it takes is what goes out', () => {
    const handler = defineHandler({
      input: z.object({ n: z.number().default(1), at: z.string().transform((text) => new Date(text)) }),
      output: z.object({ text: z.string().optional() }),
      run: ({ n, at }) => {
        holds<Equal<typeof n, number>>();
        holds<Equal<typeof at, Date>>();
        return { text: `${at.toISOString()} ${String(n)}` };
      },
    });
    holds<Equal<Args<typeof handler>, { n: number; at: Date }>>();
    holds<Equal<Result<typeof handler>, { text?: string | undefined }>>();
    // @ts-expect-error: a number is no text
    defineHandler({ output: z.string(), run: () => 1 });
    const handlers: Handlers = { handler };
    expect(Object.keys(handlers)).toEqual(['handler']);
  });

  it('are any object and any JSON without schemas', () => {
    const handler = defineHandler({ run: (args) => args['x'] ?? null });
    holds<Equal<Args<typeof handler>, JsonObject>>();
    holds<Equal<Result<typeof handler>, Json>>();
    // @ts-expect-error: a function is no JSON
    defineHandler({ run: () => () => 1 });
    expect(handler.call).toBeInstanceOf(Function);
  });

  it('reach a definition in code: arguments as they are sent, results as they come', () => {
    const handlers = {
      due: defineHandler({
        input: z.object({ from: z.string().transform((text) => new Date(text)), days: z.number().default(1) }),
        output: z.object({ due: z.date().transform((date) => date.toISOString()) }),
        run: ({ from, days }) => ({ due: new Date(from.getTime() + days * 86_400_000) }),
      }),
      free: defineHandler({ run: (args) => args }),
    };
    const own = handlersOf<typeof handlers>('agf-nodes-dates');
    expect(Object.keys(handlers)).toEqual(['due', 'free']);
    const builder = defineWorkflow('dates').channel('at', { schema: { type: 'string' } });
    const { nodes } = builder
      .node('due', {
        type: 'function',
        handler: own('due'),
        arguments: ($) => ({ from: $.input.at('start') }),
        outputs: ($) => ({ at: $.result.due }),
      })
      .node('free', { type: 'function', handler: own('free'), arguments: { any: 1 }, output: 'at' })
      .edge(START, 'due')
      .edge('due', 'free')
      .edge('free', END)
      .build();
    expect(nodes[0]).toEqual({
      id: 'due',
      type: 'function',
      handler: 'due',
      task_queue: 'agf-nodes-dates',
      arguments: { from: { cel: 'input.start' } },
      outputs: { at: 'result.due' },
    });
    // @ts-expect-error: days are a number
    builder.node('x', { type: 'function', handler: own('due'), arguments: { from: '', days: '1' } });
    // @ts-expect-error: an object is no text
    builder.node('x', { type: 'function', handler: own('due'), arguments: { from: '' }, output: 'at' });
    // @ts-expect-error: there is no such handler
    own('dues');
  });
});
