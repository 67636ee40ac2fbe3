import { createInterface } from 'node:readline/promises';
import { type Api, ApiRefusal, type Page } from './api.js';
import { say } from './show.js';

export const APPROVER = 'acme-approver-1';

interface PendingApproval {
  id: string;
  gate_name: string;
  action_description: string;
}

export interface Approving {
  /** the public API, as {@link APPROVER} */
  approver: Api;
  gateway: string;
  /** approve without asking */
  yes: boolean;
}

/** How somebody does it at another terminal. */
const byHand = (gateway: string, id: string): string =>
  `curl -X POST -H "Authorization: Bearer $(npm run -s token -- ${APPROVER})" ${gateway}/api/v1/hitl/${id}/approve`;

export const isInteractive = (): boolean => process.stdin.isTTY && process.stdout.isTTY;

/** @returns whether to approve; undefined when somebody else was quicker, who aborted `decided` */
async function ask(decided: AbortSignal): Promise<boolean | undefined> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // readline takes the terminal's Ctrl-C for itself: it is meant for everything.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const answer = await terminal.question(`\n        Approve as ${APPROVER}? [Y/n] `, { signal: decided });
    return !/^n/i.test(answer.trim());
  } catch (error) {
    if (decided.aborted) return undefined;
    throw error;
  } finally {
    terminal.close();
  }
}

/** @returns what became of it, for people */
async function decide({ approver, yes }: Approving, id: string, decided: AbortSignal): Promise<string> {
  const answer = yes || !isInteractive() || (await ask(decided));
  if (answer === undefined) return 'decided by somebody else';
  try {
    await approver.call('POST', `/hitl/${id}/${answer ? 'approve' : 'reject'}`, { json: { notes: 'main job' } });
    return `${answer ? 'approved' : 'rejected'} as ${APPROVER}`;
  } catch (error) {
    if (error instanceof ApiRefusal && error.status === 422) return 'decided by somebody else';
    throw error;
  }
}

/** Shows what waits for an approval, and decides it: as the person says, where there is one. */
export async function decidePending(how: Approving, executionId: string, decided: AbortSignal): Promise<void> {
  const { items } = await how.approver.call<Page<PendingApproval>>('GET', `/hitl/pending?execution_id=${executionId}`);
  for (const { id, gate_name, action_description } of items) {
    say('approval', `${gate_name}: ${action_description}`);
    say('approval', `by hand: ${byHand(how.gateway, id)}`);
    say('approval', await decide(how, id, decided));
  }
}
