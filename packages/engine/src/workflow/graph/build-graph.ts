import { Command, END, START, Send, StateGraph } from '@langchain/langgraph/web';
import type { Json, JsonObject } from '@aumos/agf-domain/runtime';
import { own } from '../plan/own.js';
import type { Plan } from '../plan/plan.js';
import type { Bookkeeping, DueVisits, NextStepCommit, OrderedWrite } from '../plan/step.js';
import { BookChannel } from './book-channel.js';
import { BOOK, channelName, nodeName } from './names.js';
import { StateChannel } from './state-channel.js';

export interface StepView {
  state: JsonObject;
  book: Bookkeeping;
}

/** What runs a graph's nodes; the compiled graph itself holds nothing of an execution. */
export interface GraphHost {
  /** Runs the node's due visits; settles when the whole step has ended, with what it leads to. */
  runNode(node: string, view: StepView): Promise<NextStepCommit & { lead: boolean }>;
}

type Config = { configurable?: Record<string, unknown> } | undefined;
type Read = (channels: string[], fresh: boolean) => Record<string, unknown>;
type Update = Record<string, OrderedWrite[] | Bookkeeping>;

export interface GraphRun {
  /** Runs from a step's commit until nothing is left. @returns the final state */
  run(first: NextStepCommit, host: GraphHost): Promise<StepView>;
}

/** A lone visit without an item is LangGraph's plain `goto`; a fan-out is one `Send` that carries its items. */
const goto = (due: DueVisits): (string | Send)[] =>
  Object.entries(due).map(([node, visits]) =>
    visits.length === 1 && visits[0]?.item === null ? nodeName(node) : new Send(nodeName(node), { node, visits }),
  );

const updateOf = (writes: Map<string, OrderedWrite[]> | undefined): Update =>
  Object.fromEntries([...(writes ?? [])].map(([channel, ordered]) => [channelName(channel), ordered]));

/** Also a `Send`'s task sees the whole state: LangGraph hands it only what was sent. */
function view(plan: Plan, values: Record<string, unknown>): StepView {
  const state: JsonObject = {};
  for (const name of Object.keys(plan.channels)) state[name] = (values[channelName(name)] ?? null) as Json;
  return { state, book: values[BOOK] as Bookkeeping };
}

/**
 * Builds LangGraph's graph of a plan: a channel a channel, a node a node, `Command` along the edges.
 * @param state what the channels begin with
 */
export function buildGraph(plan: Plan, state: JsonObject): GraphRun {
  const channels = Object.fromEntries(
    Object.entries(plan.channels).map(([name, definition]) => [
      channelName(name),
      () => new StateChannel(definition, own(state, name)),
    ]),
  );
  const graph = new StateGraph({ ...channels, [BOOK]: () => new BookChannel() } as never) as unknown as Builder;
  const keys = [...Object.keys(channels), BOOK];
  for (const node of plan.nodes.keys()) {
    const task = async (_input: unknown, config: Config): Promise<Command> => {
      const read = config?.configurable?.['__pregel_read'] as Read;
      const host = config?.configurable?.['agf_host'] as GraphHost;
      const commit = await host.runNode(node, view(plan, read(keys, false)));
      const update = updateOf(commit.writes.get(node));
      return new Command(
        commit.lead ? { update: { ...update, [BOOK]: commit.book }, goto: goto(commit.book.due) } : { update },
      );
    };
    graph.addNode(nodeName(node), task);
  }
  // Every way leads through `Command`; this only tells LangGraph's check that each node can be reached.
  graph.addConditionalEdges(START, () => END, [...[...plan.nodes.keys()].map(nodeName), END]);
  const compiled = graph.compile({ name: plan.definition.name });
  return {
    run: async (first, host) => {
      const start = new Command({ update: { [BOOK]: first.book }, goto: goto(first.book.due) });
      const values = await compiled.invoke(start, {
        // The engine counts steps itself, and names the limit.
        recursionLimit: plan.maxSteps + 2,
        configurable: { agf_host: host },
      });
      return view(plan, values);
    },
  };
}

/** The part of LangGraph's builder used here: its own types follow literal node names, which a definition has none of. */
interface Builder {
  addNode(name: string, task: (input: unknown, config: Config) => Promise<Command>): void;
  addConditionalEdges(source: string, path: () => string, targets: string[]): void;
  compile(options: { name: string }): {
    invoke(
      input: Command,
      options: { recursionLimit: number; configurable: Record<string, unknown> },
    ): Promise<Record<string, unknown>>;
  };
}
