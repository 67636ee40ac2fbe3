import type { ExecutionError, PrivilegeLevel, WorkflowNode } from '@aumos/agf-domain/runtime';
import {
  NEVER_RETRIED,
  type ChildCall,
  type ChildOpening,
  type ChildResult,
  type ExecutionStart,
  type GateContext,
} from '../../common/index.js';
import { NodeError } from '../plan/node-error.js';
import { childSchedule, intervalMs, type RetrySchedule } from './call-policy.js';
import { CHILD_TIMEOUT } from './child-limit.js';
import { gateOf } from './gate-of-call.js';
import { approvalOf, mayCall, untilAdmitted } from './guarded-call.js';
import { fittingBytes } from './payload-limit.js';
import type { Runtime } from './runtime.js';
import { underPolicies } from './under-policies.js';
import type { Ran, Visit } from './visit.js';

type WorkflowVisit = Visit<WorkflowNode>;

const LOWEST: PrivilegeLevel = 1;

/** Runs another workflow as a child execution, once its gate allows it; its output is the visit's result. */
export const runWorkflow = (visit: WorkflowVisit): Promise<Ran> => underPolicies(visit, () => askAndRun(visit));

async function askAndRun(visit: WorkflowVisit): Promise<Ran> {
  const need = visit.node.privilege_level ?? LOWEST;
  const gate = gateOf(visit, { name: null, need });
  if (!gate?.required || !mayCall(visit, need)) return call(visit, need, gate?.context ?? null);
  const asked = { name: null, version: null, need, action: `Run ${visit.node.workflow}` };
  const decided = await approvalOf(visit, gate, asked);
  await decided.resumed;
  if (decided.kind === 'answered') return { result: decided.result, recorded: false, answered: true };
  return call(visit, need, decided.approved);
}

async function call(visit: WorkflowVisit, need: PrivilegeLevel, gate: GateContext | null): Promise<Ran> {
  const { run, node } = visit;
  const asked = childCall(visit, need, gate);
  const { output, compensations } = await tried(run.runtime, childSchedule(node), async (attempt) => {
    const opened = await open(visit, attempt === 1 ? asked : { ...asked, attempt });
    return opened.kind === 'ended' ? opened.result : runChild(visit, opened.start);
  });
  run.compensations.adopt(compensations, visit.site, visit.view.book.step);
  return { result: output, recorded: false };
}

/** Each attempt is a child of its own: what failed of the one before is undone by itself. @throws NodeError, a cancellation */
async function tried<T>(
  runtime: Pick<Runtime, 'sleep'>,
  schedule: RetrySchedule,
  once: (attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(attempt);
    } catch (thrown) {
      if (attempt === 1 && schedule.maxAttempts === 1) throw thrown;
      if (!(thrown instanceof NodeError)) throw thrown;
      if (attempt >= schedule.maxAttempts || !mayHelp(thrown.error, schedule))
        throw new NodeError({ ...thrown.error, attempts: attempt }, thrown.open);
      await runtime.sleep(intervalMs(schedule, attempt));
    }
  }
}

/** Whether another child may fare better: by the node's error, and by that of the child. */
function mayHelp({ code, details }: ExecutionError, { nonRetryable }: RetrySchedule): boolean {
  const cause = details['cause'] as { code?: string } | undefined;
  const codes = [code, ...(cause?.code === undefined ? [] : [cause.code])];
  const isChilds = code === 'CHILD_FAILED' || code === CHILD_TIMEOUT;
  return isChilds && !codes.some((each) => NEVER_RETRIED.has(each) || nonRetryable.includes(each));
}

type Opened = Extract<ChildOpening, { kind: 'opened' | 'ended' }>;

/** @throws NodeError, also of a breaker that is still open when the node's time to wait is over */
async function open(visit: WorkflowVisit, args: Omit<ChildCall, 'ended'>): Promise<Opened> {
  const { run, site } = visit;
  const bytes = fittingBytes(site, args);
  const opening = await untilAdmitted(visit, () =>
    run.calls.use(bytes, () => run.ended.carriedBy((progress) => run.runtime.openChild({ ...args, ...progress }))),
  );
  if (opening.kind === 'failed') throw new NodeError({ ...opening.error, ...site });
  return opening;
}

/** The parent's clock stands still while its child's does. */
function runChild({ run, site, node }: WorkflowVisit, start: ExecutionStart): Promise<ChildResult> {
  const bytes = fittingBytes(site, start);
  return run.children.use(bytes, () => run.runtime.runChild(start, run.clock, node.timeout_seconds));
}

function childCall(visit: WorkflowVisit, need: PrivilegeLevel, gate: GateContext | null): Omit<ChildCall, 'ended'> {
  const { run, node, site, view, due, input } = visit;
  const { start, ref } = run;
  return {
    ref,
    ...site,
    step: view.book.step,
    item: due.item?.index ?? null,
    workflow: node.workflow,
    input,
    need,
    initiator_level: start.initiator_level,
    initiator_roles: start.initiator_roles,
    workflow_chain: start.workflow_chain,
    settings: start.settings,
    gate,
    ...(node.version === undefined ? {} : { version: node.version }),
    ...(node.max_depth === undefined ? {} : { max_depth: node.max_depth }),
    ...(start.privilege_ceiling === undefined ? {} : { privilege_ceiling: start.privilege_ceiling }),
  };
}
