/**
 * What crosses between an execution and the workflow of a team's graph that one of its function nodes calls. Plain JSON.
 * The graph asks and tells; who may do what, and for whom, is the execution's to know.
 */
import type { ExecutionError, Json, JsonObject, RetryPolicy } from '@aumos/agf-domain';
import type { HandlerCall } from './functions.js';

/** `handler` is the graph's name. */
export interface TeamGraphStart extends HandlerCall {
  /** workflow id of the execution */
  asks: string;
  /** by which the execution knows it */
  key: string;
}

/** What a node of a graph asks for. Its answer comes under the same id. */
export type GraphRequest = { id: number; node: string } & (
  | { kind: 'tool'; tool: string; arguments: JsonObject; options: GraphCallOptions }
  | { kind: 'function'; handler: string; arguments: JsonObject; options: GraphCallOptions & { task_queue?: string } }
  | { kind: 'approval'; payload: Json; gate?: string }
);

/** As the members of a node of the definition language. */
export interface GraphCallOptions {
  gate?: string;
  retry?: RetryPolicy;
  timeout_seconds?: number;
  open_wait_seconds?: number;
}

/** A node of the graph that ended. */
export interface GraphVisit {
  node: string;
  input: Json;
  output: Json;
  error: ExecutionError | null;
  /** RFC 3339 */
  started_at: string;
  completed_at: string;
}

/** The signal {@link SIGNAL_GRAPH_ASKS}; the first one tells that a worker took the graph. `seq` counts from 1. */
export interface GraphAsks {
  key: string;
  seq: number;
  requests: GraphRequest[];
  visits: GraphVisit[];
}

export type GraphAnswer = { kind: 'done'; result: Json } | { kind: 'failed'; error: ExecutionError };

/** The signal {@link SIGNAL_GRAPH_ANSWERS}. */
export interface GraphAnswers {
  /** first of all members: see {@link HandlerCall} */
  inline: true;
  answers: { id: number; answer: GraphAnswer }[];
}

/** What the workflow of a graph returns: visits that it had not told yet with it. */
export interface GraphEnd {
  end: GraphAnswer;
  visits: GraphVisit[];
}

export const TEAM_GRAPH_WORKFLOW = 'teamGraph';
/** to the execution's workflow, argument: {@link GraphAsks} */
export const SIGNAL_GRAPH_ASKS = 'graphAsks';
/** to the graph's workflow, argument: {@link GraphAnswers} */
export const SIGNAL_GRAPH_ANSWERS = 'graphAnswers';
/** A graph threw what it does not name; the text stays in its worker's log. */
export const GRAPH_FAILED = 'GRAPH_FAILED';
/** The worker that took the call has no graph of that name. */
export const UNKNOWN_GRAPH = 'UNKNOWN_GRAPH';
/** One graph asked for more than one history holds. */
export const GRAPH_LIMIT = 'GRAPH_LIMIT';
