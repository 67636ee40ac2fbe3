import { randomUUID } from 'node:crypto';
import { Annotation, END, Send, START, StateGraph } from '@langchain/langgraph';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import pg from 'pg';
import { peerDatabase } from './peer-database.js';
import { addOne, type Peer, POOL } from './peer.js';

const Counted = Annotation.Root({ n: Annotation<number> });
const Spread = Annotation.Root({
  width: Annotation<number>,
  n: Annotation<number>({ reducer: (a, b) => a + b, default: () => 0 }),
});

function chainOf(length: number, checkpointer: PostgresSaver) {
  const names = Array.from({ length }, (_, index) => `s${String(index)}`);
  const graph = new StateGraph(Counted) as unknown as StateGraph<
    typeof Counted.spec,
    typeof Counted.State,
    typeof Counted.Update,
    string
  >;
  for (const name of names) graph.addNode(name, async ({ n }) => ({ n: await addOne(n) }));
  [...names, END].forEach((name, index) => graph.addEdge(names[index - 1] ?? START, name));
  return graph.compile({ checkpointer });
}

const fanoutOf = (checkpointer: PostgresSaver) =>
  new StateGraph(Spread)
    .addNode('begin', () => ({}))
    .addNode('leaf', async () => ({ n: await addOne(0) }))
    .addNode('join', () => ({}))
    .addEdge(START, 'begin')
    .addConditionalEdges('begin', ({ width }) => Array.from({ length: width }, () => new Send('leaf', {})), ['leaf'])
    .addEdge('leaf', 'join')
    .addEdge('join', END)
    .compile({ checkpointer });

/** `durability: 'sync'`: each step is on disk before the next begins. */
const configuration = (length: number) => ({
  configurable: { thread_id: randomUUID() },
  recursionLimit: length + 10,
  durability: 'sync' as const,
});

export async function langgraph(): Promise<Peer> {
  const database = await peerDatabase('langgraph');
  const pool = new pg.Pool({ connectionString: database.url, max: POOL });
  const saver = new PostgresSaver(pool);
  await saver.setup();
  const chains = new Map<number, ReturnType<typeof chainOf>>();
  const fanout = fanoutOf(saver);
  return {
    name: 'LangGraph.js + PostgresSaver',
    chain: async (length) => {
      const graph = chains.get(length) ?? chainOf(length, saver);
      chains.set(length, graph);
      return (await graph.invoke({ n: 0 }, configuration(length))).n;
    },
    fanout: async (width) => (await fanout.invoke({ width }, configuration(width))).n,
    close: async () => {
      await pool.end();
      await database.drop();
    },
  };
}
