import { createInterface } from 'node:readline/promises';
import { type Api } from './api.js';

export interface PendingApproval {
  id: string;
  gate_name: string;
  action_description: string;
  status: string;
}

export const APPROVER = 'acme-approver-1';

/** How somebody else does it, at another terminal. */
export const approveByHand = (gateway: string, id: string): string =>
  `curl -X POST -H "Authorization: Bearer $(npm run -s token -- ${APPROVER})" ${gateway}/api/v1/hitl/${id}/approve`;

/** @returns whether to approve; undefined when `decided` was aborted, since somebody else was quicker */
async function ask(question: string, decided: AbortSignal): Promise<boolean | undefined> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // readline takes the terminal's Ctrl-C for itself: it is meant for everything.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const answer = await terminal.question(question, { signal: decided });
    return !/^n/i.test(answer.trim());
  } catch {
    return undefined;
  } finally {
    terminal.close();
  }
}

export const isInteractive = (): boolean => process.stdin.isTTY && process.stdout.isTTY;

/**
 * Decides as the approver, through the public API; asks the person first where there is one.
 * @param decided aborted when the approval was decided elsewhere
 * @returns what this call decided, if it did
 */
export async function decide(
  approver: Api,
  { id }: PendingApproval,
  { yes, decided }: { yes: boolean; decided: AbortSignal },
): Promise<'approve' | 'reject' | undefined> {
  const answer = yes || !isInteractive() || (await ask(`\n        Approve as ${APPROVER}? [Y/n] `, decided));
  if (answer === undefined) return undefined;
  const decision = answer ? 'approve' : 'reject';
  await approver.call('POST', `/hitl/${id}/${decision}`, { json: { notes: 'main job' } });
  return decision;
}
