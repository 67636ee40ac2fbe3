import type { ExecutionError, Json } from '@aumos/agf-domain/runtime';
import { ANSWER_VISIT } from '../../common/index.js';
import type { StepView } from '../graph/build-graph.js';
import type { NodePlan } from '../plan/plan.js';
import type { DueVisit, VisitOutcome } from '../plan/step.js';
import { runAgent } from './agent/run-agent.js';
import { dueCompensation } from './due-compensation.js';
import type { ExecutionRun } from './execution-run.js';
import { failedOutcome } from './failed-outcome.js';
import { runCompensate } from './run-compensate.js';
import { runFail } from './run-fail.js';
import { runFunction } from './run-function.js';
import { runGate } from './run-gate.js';
import { runTool } from './run-tool.js';
import { runWait } from './run-wait.js';
import { runWorkflow } from './run-workflow.js';
import { siteKey, type Site } from './site.js';
import { writesOf } from './writes-of.js';
import type { Ran, Visit } from './visit.js';

/** Runs one visit to its end. Never throws; its record is kept unless an activity wrote it. */
export async function runVisit(
  run: ExecutionRun,
  planned: NodePlan,
  due: DueVisit,
  view: StepView,
): Promise<VisitOutcome> {
  const started = timestamp();
  const site = { node: planned.node.id, visit: due.visit };
  let input: Json = null;
  try {
    const scope = visitScope(run, due, view);
    input = planned.value().evaluate(scope);
    const visit: Visit = { run, planned, node: planned.node, due, view, scope, site, input };
    const before = run.results.get(siteKey(site));
    const { result, recorded, answered }: Ran =
      before === undefined ? await body(visit) : { result: before, recorded: false, ...answeredBefore(run, site) };
    const writes = writesOf(visit, result);
    const compensation = answered ? null : dueCompensation(visit, result);
    if (compensation) run.compensations.add(compensation);
    record(result, null, recorded, answered);
    return { kind: 'done', writes };
  } catch (thrown) {
    const failure = failedOutcome(run.runtime, thrown, site);
    record(null, failure.error, false);
    return failure;
  }
  function record(output: Json, error: ExecutionError | null, recorded: boolean, answered = false): void {
    run.ended.add(
      {
        ...site,
        step: view.book.step,
        item: due.item?.index ?? null,
        type: answered ? ANSWER_VISIT : (planned.visitType ?? planned.node.type),
        status: error === null ? 'completed' : isCancelled(planned, error) ? 'cancelled' : 'failed',
        input,
        output,
        error,
        started_at: started,
        completed_at: timestamp(),
      },
      recorded,
    );
  }
  function timestamp(): string {
    return new Date(run.runtime.now()).toISOString();
  }
}

const answeredBefore = ({ answered }: ExecutionRun, site: Site): Pick<Ran, 'answered'> =>
  answered.has(siteKey(site)) ? { answered: true } : {};

/** A `fail` node may take any code: it fails all the same. */
export const isCancelled = (planned: NodePlan, error: ExecutionError): boolean =>
  error.code === 'CANCELLED' && planned.node.type !== 'fail';

function body(visit: Visit): Promise<Ran> | Ran {
  const { node } = visit;
  switch (node.type) {
    case 'tool':
      return runTool({ ...visit, node });
    case 'function':
      return runFunction({ ...visit, node });
    case 'agent':
      return runAgent({ ...visit, node });
    case 'transform':
      return { result: visit.input, recorded: false };
    case 'gate':
      return runGate({ ...visit, node });
    case 'workflow':
      return runWorkflow({ ...visit, node });
    case 'wait':
      return runWait({ ...visit, node });
    case 'compensate':
      return runCompensate({ ...visit, node });
    case 'fail':
      return runFail({ ...visit, node });
  }
}

const visitScope = (run: ExecutionRun, due: DueVisit, view: StepView): Record<string, Json> => ({
  ...run.expressionScope,
  state: view.state,
  item: due.item?.value ?? null,
  index: due.item?.index ?? null,
});
