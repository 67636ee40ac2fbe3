import {
  DEFAULT_DEPTH,
  childError,
  childRefusal,
  childStart,
  type ChildCall,
  type ChildOpening,
  type ChildResult,
  type ExecutionStart,
} from '../common/index.js';
import { NodeError } from '../workflow/plan/node-error.js';
import { childFailed } from '../workflow/run/child-failed.js';
import { childLimit, childTimeout } from '../workflow/run/child-limit.js';
import type { HoldableClock } from '../workflow/run/runtime.js';
import { matches, sameValue } from './answers.js';
import { simulatedWorkflowId } from './execution-start.js';
import {
  SimulationError,
  type SimulatedWorkflow,
  type SimulationScript,
  type WorkflowAnswer,
  type WorkflowReply,
} from './script.js';
import type { SimulatedVisits } from './simulated-visits.js';
import type { Simulate, Simulating } from './simulation.js';
import { SimulationCancelled, type VirtualTime } from './virtual-time.js';

const DEFAULT_RETRY_AFTER_MS = 60_000;

type Run = Extract<SimulatedWorkflow, { definition: unknown }>;

interface Ended {
  /** @throws NodeError CHILD_FAILED, SimulationCancelled */
  result: () => ChildResult;
  fault: SimulationError | undefined;
}

/** The children of one simulated execution. */
export class SimulatedChildren {
  private readonly running = new Set<Simulating>();
  private readonly opened = new Map<string, Run>();

  constructor(
    private readonly script: SimulationScript,
    private readonly parent: ExecutionStart,
    private readonly within: { time: VirtualTime; visits: SimulatedVisits; simulate: Simulate },
  ) {}

  /** @param scripted asks the script @throws SimulationCancelled */
  async open(call: ChildCall, scripted: <T>(answer: () => T) => T): Promise<ChildOpening> {
    const { time, visits } = this.within;
    const workflow = scripted(() => this.workflowOf(call));
    const workflow_id = simulatedWorkflowId(call.workflow);
    const definition = 'definition' in workflow ? workflow.definition : {};
    const error = childRefusal(call, { workflow_id, definition }, DEFAULT_DEPTH);
    if (error) return { kind: 'failed', error };
    if (!('definition' in workflow)) {
      const reply = scripted(() => replyOf(workflow, call, visits.attempt(call)));
      await time.wait(reply.takes_ms ?? 0);
      return opening(call, reply);
    }
    const { script, version = call.version ?? 1 } = workflow;
    const agents = script?.agents ?? this.script.agents;
    const called = {
      ...{ workflow_id, version, definition: workflow.definition, tools: script?.tools ?? this.script.tools },
      ...(agents === undefined ? {} : { agents }),
    };
    const start = childStart(call, called, new Date(time.now()).toISOString());
    this.opened.set(start.execution_id, workflow);
    return { kind: 'opened', start };
  }

  async run(start: ExecutionStart, clock: HoldableClock, seconds?: number): Promise<Ended> {
    const workflow = this.opened.get(start.execution_id);
    const { time, visits } = this.within;
    if (!workflow || time.isCancelled) throw new SimulationCancelled();
    const { tools, workflows } = this.script;
    const script: SimulationScript = { tools, ...(workflows ? { workflows } : {}), ...workflow.script };
    let held = false;
    const runtime = { now: () => time.now(), timer: (ms: number, fire: () => void) => time.schedule(ms, fire) };
    const limit = childLimit(runtime, clock, seconds, () => {
      child.cancel();
    });
    const hold = (stands: boolean): void => {
      if (stands !== held) limit.clock[stands ? 'hold' : 'release']();
      held = stands;
    };
    const child = this.within.simulate(start, script, time.branch(), hold);
    this.running.add(child);
    const { simulation, outcome, fault } = await child.toEnd().finally(() => {
      this.running.delete(child);
      hold(false);
      limit.stop();
    });
    const site = start.ancestors?.at(-1);
    if (site) visits.ran(site, simulation);
    const result = (): ChildResult => {
      const isLate = limit.isOver && !time.isCancelled;
      if (outcome.kind === 'cancelled') throw isLate ? childTimeout(start, seconds ?? 0) : new SimulationCancelled();
      if (outcome.kind === 'failed') throw new NodeError(childFailed(start, outcome.error));
      return { output: outcome.output, compensations: outcome.compensations ?? [] };
    };
    return { result, fault };
  }

  /** With their parent. */
  cancel(): void {
    for (const child of this.running) child.cancel();
  }

  /** The signal that one of them waits for. */
  unsent(): SimulationError | undefined {
    for (const child of this.running) {
      const unsent = child.unsent();
      if (unsent) return unsent;
    }
    return undefined;
  }

  /** @throws SimulationError */
  private workflowOf({ workflow, node, visit }: ChildCall): SimulatedWorkflow {
    const { definition, version, workflow_name } = this.parent;
    const own = workflow === workflow_name ? { definition, version, script: this.script } : undefined;
    const known = this.script.workflows?.[workflow] ?? own;
    if (known) return known;
    throw new SimulationError('UNANSWERED', `nothing stands for the workflow "${workflow}"`, { node, visit });
  }
}

/** @throws SimulationError */
function replyOf(called: Exclude<SimulatedWorkflow, Run>, call: ChildCall, attempt: number): WorkflowReply {
  const { node, visit, step, item, workflow, version, input, need } = call;
  if ('answers' in called) return answerOf(called.answers, call);
  const { reply } = called;
  if (typeof reply !== 'function') return reply;
  const seen = { node, visit, step, item, workflow, input, need, attempt };
  try {
    return reply(version === undefined ? seen : { ...seen, version });
  } catch (cause) {
    const text = `the answer of "${workflow}" threw: ${String(cause)}`;
    throw new SimulationError('SCRIPT_FAILED', text, { node, visit }, { cause });
  }
}

/** @throws SimulationError */
function answerOf(answers: readonly WorkflowAnswer[], { node, visit, input, workflow }: ChildCall): WorkflowReply {
  const isIt = sameValue(input);
  const wanted = ({ node, visit }: WorkflowAnswer) => ({ node, visit });
  const answer = answers.find((given) => matches(wanted(given), { node, visit }) && isIt(given.input));
  if (answer) return answer.reply;
  throw new SimulationError('UNANSWERED', `no answer for a call of the workflow "${workflow}"`, { node, visit });
}

function opening(call: ChildCall, reply: WorkflowReply): ChildOpening {
  if ('result' in reply) return { kind: 'ended', result: { output: reply.result, compensations: [] } };
  if ('error' in reply) {
    const { code, message = code, details = {} } = reply.error;
    const cause = { code, message, node: null, visit: null, attempts: 1, details };
    const child = { execution_id: 'simulation', workflow_name: call.workflow };
    return { kind: 'failed', error: childFailed(child, cause) };
  }
  const key = `workflow:${call.workflow}` as const;
  const retry_after_ms = reply.refused.retry_after_ms ?? DEFAULT_RETRY_AFTER_MS;
  const details = { circuit_key: key, state: 'open', retry_after_ms };
  const error = childError(call, 'CIRCUIT_OPEN', `breaker ${key} is open`, details);
  return { kind: 'refused', key, retry_after_ms, error: { ...error, attempts: 0 } };
}
