import type { PrivilegeLevel, WorkflowNode } from '@aumos/agf-domain/runtime';
import type { ChildCall, ChildOpening, ChildResult, ExecutionStart, GateContext } from '../../common/index.js';
import { NodeError } from '../plan/node-error.js';
import { gateOf } from './gate-of-call.js';
import { approvalOf, mayCall, untilAdmitted } from './guarded-call.js';
import { fittingBytes } from './payload-limit.js';
import type { Ran, Visit } from './visit.js';

type WorkflowVisit = Visit<WorkflowNode>;

const LOWEST: PrivilegeLevel = 1;

/** Runs another workflow as a child execution, once its gate allows it; its output is the visit's result. */
export async function runWorkflow(visit: WorkflowVisit): Promise<Ran> {
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
  const { run } = visit;
  const opened = await open(visit, childCall(visit, need, gate));
  const { output, compensations } = opened.kind === 'ended' ? opened.result : await runChild(visit, opened.start);
  run.compensations.adopt(compensations, visit.site, visit.view.book.step);
  return { result: output, recorded: false };
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
function runChild({ run, site }: WorkflowVisit, start: ExecutionStart): Promise<ChildResult> {
  const bytes = fittingBytes(site, start);
  return run.children.use(bytes, () => run.runtime.runChild(start, run.clock));
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
