import { Annotation, END, interrupt, Send, START, StateGraph } from '@langchain/langgraph';
import { callTool, type Decision } from '@aumos/agf-graph-worker/graph';

interface Profile {
  source: string;
  rows: number;
}

const State = Annotation.Root({
  sources: Annotation<string[]>(),
  table: Annotation<string>(),
  profiles: Annotation<Profile[]>({ reducer: (all, more) => all.concat(more), default: () => [] }),
  decision: Annotation<Decision>(),
  loaded: Annotation<number>({ reducer: (all, more) => all + more, default: () => 0 }),
});
interface One {
  source: string;
}

async function profile({ source }: One): Promise<{ profiles: Profile[] }> {
  const { rows } = await callTool<{ rows: number }>('csv_profile', { source });
  return { profiles: [{ source, rows }] };
}

/** Waits for people, for weeks if need be; both answers go on from here. */
function ask({ profiles, table }: typeof State.State): { decision: Decision } {
  return { decision: interrupt<object, Decision>({ question: `Load these into ${table}?`, profiles }) };
}

/** A call of level 3: its own approval is asked for besides, whatever the people of `ask` said. */
async function load({ profiles, table }: typeof State.State): Promise<{ loaded: number }> {
  for (const { source } of profiles) await callTool('table_load', { source, table });
  return { loaded: profiles.length };
}

/** Profiles all sources side by side, asks people once, loads what they approve. */
export const loadAll = new StateGraph(State)
  .addNode('profile', profile)
  .addNode('ask', ask)
  .addNode('load', load)
  .addConditionalEdges(START, ({ sources }) => sources.map((source) => new Send('profile', { source })), ['profile'])
  .addEdge('profile', 'ask')
  .addConditionalEdges('ask', ({ decision }) => (decision.approved ? 'load' : END), ['load', END])
  .addEdge('load', END);
