/** A team's module of graphs, as the suites' worker runs it: LangGraph's own API and nothing else. */
import { Annotation, Command, END, interrupt, Send, START, StateGraph } from '@langchain/langgraph';
import { callFunction, callTool, execution, GraphCallError, GraphError } from '@aumos/agf-graph-worker/graph';

const list = () => Annotation({ reducer: (all, more) => all.concat(more), default: () => [] });

const Review = Annotation.Root({ scores: list(), decision: Annotation() });
const review = new StateGraph({ state: Review, output: Annotation.Root({ decision: Annotation() }) })
  .addNode('ask', (state) => ({ decision: interrupt({ question: 'Load these?', scores: state.scores.toSorted() }) }))
  .addEdge(START, 'ask')
  .addEdge('ask', END)
  .compile();

const Triage = Annotation.Root({ rows: Annotation(), scores: list(), decision: Annotation(), loaded: Annotation() });
/** Command, Send, a subgraph that asks people, a call that people approve. */
export const triage = new StateGraph(Triage)
  .addNode('split', (state) => new Command({ goto: state.rows.map((row) => new Send('score', { row })) }), {
    ends: ['score'],
  })
  .addNode('score', async ({ row }) => ({ scores: [(await callTool('score', { row })).score] }))
  .addNode('review', review)
  .addNode('load', async (state) => ({ loaded: await callTool('load', { scores: state.scores.toSorted() }) }))
  .addEdge(START, 'split')
  .addEdge('score', 'review')
  .addConditionalEdges('review', (state) => (state.decision.approved ? 'load' : END), ['load', END])
  .addEdge('load', END);

const One = Annotation.Root({ args: Annotation(), result: Annotation() });
const one = (node) => new StateGraph(One).addNode('only', node).addEdge(START, 'only').addEdge('only', END);

export const asksTwice = one(async () => {
  const before = await callTool('count', {});
  const first = interrupt({ nth: 1 });
  const between = await callTool('count', {});
  const second = interrupt({ nth: 2 });
  return { result: { before, between, notes: [first.status, second.status], approved: second.approved } };
});
export const calls = one(async ({ args }) => ({
  result: await callTool(args.tool, args.arguments ?? {}, args.options ?? {}),
}));
export const catches = one(async ({ args }) => {
  try {
    return { result: await callTool(args.tool, {}) };
  } catch (error) {
    return { result: { caught: error instanceof GraphCallError, code: error.code } };
  }
});
export const handled = one(async ({ args }) => ({
  result: await callFunction('double', args, { task_queue: args.queue }),
}));
export const names = one(() => {
  throw new GraphError('NO_STOCK', 'none left', { item: 'x' });
});
export const leaks = one(() => {
  throw new Error('password=hunter2');
});
export const namesNoJson = one(() => {
  throw new GraphError('NO_STOCK', 'none left', { item: 1n });
});
/** Steps with much to show, and no call in between. */
export const shows = new StateGraph(One)
  .addNode('a', ({ args }) => ({ args: { n: args.n - 1, text: 'x'.repeat(60_000) }, result: 'shown' }))
  .addEdge(START, 'a')
  .addConditionalEdges('a', ({ args }) => (args.n > 0 ? 'a' : END), ['a', END])
  .compile();
export const whoAmI = () => one(() => ({ result: execution() }));
export const forever = new StateGraph(One)
  .addNode('a', () => ({}))
  .addEdge(START, 'a')
  .addEdge('a', 'a')
  .compile()
  .withConfig({ recursionLimit: 60 });
export const many = one(async ({ args }) => {
  const results = await Promise.all(Array.from({ length: args.n }, (_, n) => callTool('count', { n })));
  return { result: results.length };
});
export const notAGraph = 1;
