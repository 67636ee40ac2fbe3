import type { AgentNode, Json } from '@aumos/agf-domain/runtime';
import { OWN_SESSION, type AgentMemory } from '../../../common/index.js';
import type { Visit } from '../visit.js';
import type { AgentAtWork } from './agent-of.js';

/** In which session an agent's visit remembers: its node's word, or that of who started the execution. */
export function memoryOf({ run, node }: Visit<AgentNode>): AgentMemory | undefined {
  const { start } = run;
  switch (node.memory) {
    case undefined:
      return start.memory;
    case 'private':
      return { kind: 'private', session: OWN_SESSION };
    case 'shared':
      return {
        kind: 'shared',
        execution_id: start.execution_id,
        agents: [...new Set(Object.values(start.agents ?? {}).map(({ id }) => id))].sort(),
      };
  }
}

/** The agent has answered: what was said is kept before the visit ends. @throws NodeError, a cancellation */
export async function keepInMemory(visit: Visit<AgentNode>, { spec }: AgentAtWork, answer: Json): Promise<void> {
  const memory = memoryOf(visit);
  if (!memory) return;
  const { run, site, input } = visit;
  const { id, name } = spec;
  await run.ended.carriedBy((progress) =>
    run.runtime.remember({ ref: run.ref, ...site, agent: { id, name }, memory, prompt: input, answer, ...progress }),
  );
}
