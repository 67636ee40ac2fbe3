import { ToolError, type Json, type JsonObject } from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import type { FunctionCall, HandlerCall, ToolCall } from '../../src/common/index.js';
import type { EngineHarness, StartedRun } from '../support/engine-harness.js';
import { refused, type AdmissionBody, type ToolBody } from '../support/memory-activities.js';
import type { Observed } from './compare.js';
import { BREAKER_OPEN_MS, TOOLS, type Generated } from './generate/graph.js';
import { decisionOf, replyOf, SIGNAL, type World } from './interpreter/world.js';

const OUTCOME_TIMEOUT_MS = 120_000;
const SEVERAL_RUNS = { events: 1_000_000, visits: 3 };

interface Made {
  site: { node: string; visit: number; step: number; item: number | null };
  input: Json;
  calls: number;
  output?: Json;
}

type MadeOf = Pick<ToolCall | FunctionCall, 'node' | 'visit'> & { ref: { execution_id: string } };

/** Runs generated graphs on the real engine, each under a name of its own. */
export class GraphRunner {
  /** executions, without their children */
  readonly begun: string[] = [];
  private readonly worlds = new Map<string, World>();
  /** by execution, by node and visit: the calls as the tools saw them */
  private readonly made = new Map<string, Map<string, Made>>();

  constructor(private readonly engine: EngineHarness) {
    for (const name of Object.keys(TOOLS)) engine.tool(name, this.body);
    engine.handler('work', this.handler);
    engine.activities.admissions.set('work', this.admission);
  }

  /** @param several whether the execution goes on in another run again and again */
  async execute({ definition, world }: Generated, name: string, several: boolean): Promise<Observed> {
    this.worlds.set(name, world);
    for (const [child, { definition: called, world: outside }] of Object.entries(world.workflows)) {
      this.worlds.set(`${name}-${child}`, outside);
      this.engine.workflow({ ...called, name: `${name}-${child}` }, { tools: outside.tools });
    }
    const nodes = definition.nodes.map((node) =>
      node.type === 'workflow' ? { ...node, workflow: `${name}-${node.workflow}` } : node,
    );
    const { input, tools, level } = world;
    const continueAfter = several ? SEVERAL_RUNS : undefined;
    const run = await this.engine.start(
      { ...definition, nodes, name },
      { input, tools, level, ...(continueAfter ? { continueAfter } : {}) },
    );
    this.begun.push(run.executionId);
    const { status, output, error } = await eventually(() => this.decided(run, name, world), `the outcome of ${name}`, {
      timeoutMs: OUTCOME_TIMEOUT_MS,
      everyMs: 100,
    });
    return { status, output, error, visits: this.visits(run) };
  }

  private worldOf(name: string): World {
    const world = this.worlds.get(name);
    if (!world) throw new Error(`no world of ${name}`);
    return world;
  }

  private readonly admission: AdmissionBody = (call) => {
    const { node, visit, step, item, ref, need, initiator_level } = call;
    if (need > initiator_level) throw new ToolError('PRIVILEGE_DENIED', 'denied');
    const made = this.madeBy(call);
    Object.assign(made, { site: { node, visit, step, item }, input: call.arguments });
    if (replyOf(this.worldOf(ref.workflow_name), node, visit, made.calls + 1).kind !== 'refused') return null;
    made.calls++;
    return open();
  };

  private readonly handler = (args: JsonObject, call: HandlerCall): Json => {
    const { node, visit, workflow, execution_id } = call;
    const made = this.madeBy({ node, visit, ref: { execution_id } });
    const reply = replyOf(this.worldOf(workflow.name), node, visit, ++made.calls);
    if (reply.kind === 'error') throw new ToolError(reply.code, reply.code, reply.retryable);
    if (reply.kind === 'refused') throw new Error('an admitted handler is not refused');
    made.output = reply.kind === 'echo' ? args : reply.value;
    return made.output;
  };

  private readonly body: ToolBody = (args, call) => {
    const { node, visit, step, item, ref, need, initiator_level } = call;
    const world = this.worldOf(ref.workflow_name);
    if (need > initiator_level) throw new ToolError('PRIVILEGE_DENIED', 'denied');
    const made = this.madeBy(call);
    Object.assign(made, { site: { node, visit, step, item }, input: args, calls: made.calls + 1 });
    const reply = replyOf(world, node, visit, made.calls);
    if (reply.kind === 'error') throw new ToolError(reply.code, reply.code, reply.retryable);
    if (reply.kind === 'refused') return open();
    made.output = reply.kind === 'echo' ? args : reply.value;
    return { kind: 'completed', result: made.output };
  };

  private madeBy({ ref, node, visit }: MadeOf): Made {
    const ofGraph = this.made.get(ref.execution_id) ?? new Map<string, Made>();
    this.made.set(ref.execution_id, ofGraph);
    const key = `${node}/${String(visit)}`;
    const made = ofGraph.get(key) ?? ({ calls: 0 } as Made);
    ofGraph.set(key, made);
    return made;
  }

  private async decided(run: StartedRun, name: string, world: World) {
    for (const { node, visit } of run.recorded.children) {
      const child = run.child(node, visit);
      const outside = this.worlds.get(`${name}-${node}`);
      if (outside && !child.recorded.outcome) await this.decide(child, outside);
    }
    await this.decide(run, world);
    return run.recorded.outcome;
  }

  private async decide(run: StartedRun, world: World): Promise<void> {
    for (const approval of this.engine.activities.pending(run.executionId)) {
      if (approval.gate_name === 'late') continue;
      const decision = decisionOf(world, approval.node, approval.visit);
      if (decision !== 'expired') await run.decide(approval, decision);
    }
    if (run.recorded.waiting.waiting) for (let n = 0; n < 3; n++) await run.signal('early', SIGNAL);
  }

  /** What the workflow recorded, and the calls that their activities did. */
  private visits({ recorded, executionId }: StartedRun): Observed['visits'] {
    const made = this.made.get(executionId) ?? new Map<string, Made>();
    const decisions = (node: string, visit: number): string[] =>
      [...this.engine.activities.approvals.values()].flatMap(({ start, outcome }) =>
        start.execution_id === executionId && start.node === node && start.visit === visit && outcome
          ? [outcome.status]
          : [],
      );
    const known = new Set(recorded.visits.map(({ node, visit }) => `${node}/${String(visit)}`));
    const inWorkflow = recorded.visits.map((visit) => ({
      ...visit,
      output: visit.type === 'gate' && visit.status === 'completed' ? { status: 'approved' } : visit.output,
      calls: made.get(`${visit.node}/${String(visit.visit)}`)?.calls ?? 0,
      decisions: decisions(visit.node, visit.visit),
    }));
    const byActivity = [...made].flatMap(([key, { site, input, calls, output }]) =>
      known.has(key) || output === undefined
        ? []
        : [{ ...site, input, output, error: null, calls, decisions: decisions(site.node, site.visit) }],
    );
    return [...inWorkflow, ...byActivity];
  }
}

function open(): ReturnType<typeof refused> {
  const outcome = refused(BREAKER_OPEN_MS);
  return outcome.kind === 'refused' ? { ...outcome, error: { ...outcome.error, attempts: 0 } } : outcome;
}
