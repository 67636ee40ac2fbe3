import type { AgentNode } from '@aumos/agf-domain/runtime';
import type { Ran, Visit } from '../visit.js';
import { agentOf } from './agent-of.js';
import { standingOf, type AgentStanding } from './agent-standing.js';
import { askModel } from './ask-model.js';
import { judgeReply } from './judge-reply.js';
import { makeCalls } from './make-calls.js';
import { keepInMemory } from './memory-of.js';

/**
 * An agent's loop: the model is asked, the calls it chooses are made side by side, it is told what became of them, until
 * it answers. Each turn and each call is a step of its own that is done once, whatever crashes; what the calls give stays
 * inside. @throws NodeError, open where a breaker refuses the model; a cancellation
 */
export async function runAgent(visit: Visit<AgentNode>): Promise<Ran> {
  const agent = agentOf(visit);
  const standing = standingOf(visit.run.handover, visit.site);
  for (;;) {
    if (!standing.open) {
      await betweenTurns(visit);
      const verdict = judgeReply(visit, agent, standing, await askModel(visit, agent, standing));
      if (verdict.kind === 'answer') {
        await keepInMemory(visit, agent, verdict.result);
        return { result: verdict.result, recorded: false };
      }
      if (verdict.kind === 'repair') {
        told(standing, [verdict.told]);
        standing.repaired = true;
        continue;
      }
      standing.open = verdict.calls;
      standing.calls += verdict.calls.length;
    }
    told(standing, await makeCalls(visit, agent, standing.turn, standing.open));
  }
}

function told(standing: AgentStanding, answers: AgentStanding['told']): void {
  standing.told = answers;
  standing.open = null;
  standing.turn++;
}

/** No turn begins while the execution is paused; a long conversation goes on in the next run, as a long execution does. */
async function betweenTurns({ run, site }: Visit<AgentNode>): Promise<void> {
  const { commands, handover, runtime } = run;
  if (commands.paused) await handover.idle(site, () => runtime.until(() => !commands.paused));
  if (handover.wanted) await handover.idle(site, () => runtime.until(() => false));
}
