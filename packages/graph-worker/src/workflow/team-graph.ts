import { jsonSize } from '@aumos/agf-domain/runtime';
import {
  PAYLOAD_BYTES,
  UNKNOWN_GRAPH,
  type GraphAnswer,
  type GraphEnd,
  type TeamGraphStart,
} from '@aumos/agf-engine/common';
import { Command } from '@langchain/langgraph/web';
import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { askPeople } from './ask-people.js';
import { failure, failureOf } from './failure.js';
import { findGraph, type RunnableGraph } from './find-graph.js';
import { GraphEvents } from './graph-events.js';
import { jsonOf } from './json-of.js';
import { openPlatform, type Platform } from './platform.js';

/** Supersteps, where the graph's own configuration says nothing. */
const MOST_STEPS = 1_000;

/**
 * Runs one visit of a team's graph to its end. What the graph itself fails with is a result: it belongs to the execution.
 * @throws CancelledFailure
 */
export async function teamGraph(start: TeamGraphStart): Promise<GraphEnd> {
  const platform = openPlatform(start);
  platform.begin();
  const { cancelRequested } = CancellationScope.current();
  const end = await Promise.race([ended(platform, start, cancelRequested), cancelRequested]);
  await Promise.race([platform.relieve(), cancelRequested]);
  return { end, visits: platform.takeVisits() };
}

async function ended(platform: Platform, start: TeamGraphStart, cancelled: Promise<never>): Promise<GraphAnswer> {
  const events = new GraphEvents((visit) => {
    platform.visited(visit);
  });
  try {
    const graph = findGraph(start.handler);
    if (!graph) return { kind: 'failed', error: failure(UNKNOWN_GRAPH, `This worker has no graph "${start.handler}"`) };
    const result = jsonOf(await run(graph, start, { platform, events, cancelled }));
    const bytes = jsonSize(result);
    if (bytes <= PAYLOAD_BYTES) return { kind: 'done', result };
    const text = `The result is ${String(bytes)} bytes of JSON; ${String(PAYLOAD_BYTES)} are the most`;
    return { kind: 'failed', error: failure('PAYLOAD_TOO_LARGE', text) };
  } catch (error) {
    // LangGraph has words of its own for it.
    if (isCancellation(error) || CancellationScope.current().consideredCancelled) throw error;
    const failed = failureOf(error);
    events.failed(failed);
    return { kind: 'failed', error: failed };
  }
}

interface Around {
  platform: Platform;
  events: GraphEvents;
  cancelled: Promise<never>;
}

/** Until nothing waits for people any more. @returns the graph's last values */
async function run(graph: RunnableGraph, start: TeamGraphStart, around: Around): Promise<unknown> {
  const { platform, events, cancelled } = around;
  const ending = new AbortController();
  cancelled.catch(() => {
    ending.abort();
  });
  const options = {
    configurable: { thread_id: start.effect_key },
    streamMode: ['values', 'tasks'],
    subgraphs: true,
    // The saver is what ends a workflow task between two steps.
    durability: 'sync',
    recursionLimit: graph.config?.recursionLimit ?? MOST_STEPS,
    signal: ending.signal,
  };
  let input: unknown = start.arguments;
  for (;;) {
    events.interrupts.clear();
    // To its end: LangGraph runs ahead of whoever reads.
    for await (const chunk of await graph.stream(input, options)) events.take(chunk);
    if (events.interrupts.size === 0) return events.values;
    input = new Command({ resume: await askPeople(platform, events.interrupts.values()) });
  }
}
