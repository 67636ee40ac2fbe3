import type { Json } from '@aumos/agf-domain/runtime';
import type { GraphAnswer } from '@aumos/agf-engine/common';
import type { Decision } from '../graph/decision.js';
import { GraphCallError } from '../graph/errors.js';
import type { Interrupted } from './graph-events.js';
import { jsonOf } from './json-of.js';
import type { Platform } from './platform.js';

/** An approval for each, all at once. @returns by the interrupts' ids, what they go on with @throws GraphCallError */
export async function askPeople(
  platform: Platform,
  interrupts: Iterable<Interrupted>,
): Promise<Record<string, Decision>> {
  const asked = [...interrupts].map(async ({ id, node, payload }) => {
    const json = jsonOf(payload);
    const gate = gateOf(json);
    const request = { kind: 'approval', node, payload: json, ...(gate === undefined ? {} : { gate }) } as const;
    return [id, decisionOf(await platform.answerTo(request))] as const;
  });
  return Object.fromEntries(await Promise.all(asked));
}

/** A payload may say under which gate of the definition it is decided. */
const gateOf = (payload: Json): string | undefined => {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return undefined;
  return typeof payload['gate'] === 'string' ? payload['gate'] : undefined;
};

const REFUSALS: Readonly<Record<string, Decision['status']>> = {
  APPROVAL_REJECTED: 'rejected',
  APPROVAL_EXPIRED: 'expired',
};

function decisionOf(answer: GraphAnswer): Decision {
  if (answer.kind === 'done') return { ...none, ...(answer.result as object), approved: true, status: 'approved' };
  const { code, details } = answer.error;
  const status = REFUSALS[code];
  if (status === undefined) throw new GraphCallError(answer.error);
  return { ...none, ...details, approved: false, status };
}

const none: Omit<Decision, 'approved' | 'status'> = {
  approval_id: null,
  decided_by: [],
  decided_at: null,
  notes: null,
};
