/**
 * The definition language once more, as plainly as it can be told, for comparison with the engine. Shares no code with
 * it, nor with the domain's state: the expressions alone are the same.
 */
import type { Json, JsonObject, NodeDefinition, WorkflowDefinition } from '@aumos/agf-domain';
import { startOf, type Channels } from './channels.js';
import { commitNode, handling, type Ran, type StepSoFar } from './commit.js';
import { fireJoins, followEdges, type JoinsReached, type Planned } from './edges.js';
import { evaluated, value, type Scope } from './evaluate.js';
import { Failed, type Expected, type ExpectedVisit, type Failure, type Tell } from './expected.js';
import { Undo, type Undoing } from './undo.js';
import { visit, type Due, type Surroundings } from './visit.js';
import type { World } from './world.js';

export const EXECUTION = { id: 'x', workflow: 'generated', version: 1, started_at: '2026-01-02T03:04:05.000Z' };
export const TENANT = 'tenant-a';

/** Visits ended the execution before their step did. */
class Cut extends Error {
  constructor(readonly failures: Failure[]) {
    super('cut');
  }
}

const nowhere = (code: string): Failed => new Failed({ code, node: null, visit: null, attempts: 1 });

export function interpret(definition: WorkflowDefinition, world: World, tell: Tell): Expected {
  return new Interpreter(definition, world, tell).run();
}

class Interpreter {
  private readonly channels: Channels;
  private readonly nodes: ReadonlyMap<string, NodeDefinition>;
  private readonly joins: JoinsReached = new Map();
  /** visits, by node */
  private readonly begun = new Map<string, number>();
  private readonly written = new Set<string>();
  private readonly visits: ExpectedVisit[] = [];
  private readonly undo = new Undo();
  private state: JsonObject;
  private ended = false;
  private step = 0;

  constructor(
    private readonly definition: WorkflowDefinition,
    private readonly world: World,
    private readonly tell: Tell,
  ) {
    this.nodes = new Map(definition.nodes.map((node) => [node.id, node]));
    const collects = definition.edges.some(({ on_item_error }) => on_item_error === 'collect');
    this.channels = { error: {}, ...(collects ? { errors: { reducer: 'append' } } : {}), ...definition.state };
    this.state = Object.fromEntries(Object.entries(this.channels).map(([name, channel]) => [name, startOf(channel)]));
  }

  run(): Expected {
    try {
      const first: Planned = { due: new Map(), ended: false };
      followEdges(this.definition, 'START', this.scopeOf(this.state), { node: null, visit: null }, this.to(first));
      for (let due = this.plan(first); due.length > 0;) due = this.runStep(due);
      return { ...this.outcome('completed', []), output: this.output(), left: this.undo.left() };
    } catch (thrown) {
      if (!(thrown instanceof Cut) && !(thrown instanceof Failed)) throw thrown;
      // After the last step's commit the next one was planned.
      this.undoBefore(Infinity, thrown instanceof Failed && thrown.failure.code === 'OUTPUT_ERROR' ? 1 : 0);
      if (thrown instanceof Cut) return { ...this.outcome('failed', thrown.failures), cutStep: this.step };
      return this.outcome('failed', [thrown.failure]);
    }
  }

  private readonly scopeOf = (state: JsonObject): Scope => ({
    input: this.world.input,
    tenant_id: TENANT,
    execution: EXECUTION,
    state,
  });

  private around(step = this.step): Surroundings {
    const { definition, world, tell } = this;
    return { definition, world, step, tell, scope: this.scopeOf(this.state) };
  }

  private undoBefore(before: number, later = 0): Json {
    const undone = this.undo.run(this.around(this.step + later), before);
    this.visits.push(...undone);
    const failed = undone.filter(({ error }) => error !== null).length;
    return { compensated: undone.length - failed, failed };
  }

  private to(planned: Planned): { planned: Planned; joins: JoinsReached; tell: Tell } {
    return { planned, joins: this.joins, tell: this.tell };
  }

  private runStep(due: [NodeDefinition, Due[]][]): [NodeDefinition, Due[]][] {
    this.step++;
    const { definition, channels, scopeOf, state } = this;
    const around: Surroundings = {
      ...this.around(),
      succeeded: (node, record, args) => this.undo.add({ ...record, node: node as Undoing['node'], arguments: args }),
      undo: () => this.undoBefore(this.step),
      run: (called, outside) => interpret(called, outside, this.tell),
      adopt: (node, nth, left) => this.undo.adopt(node, nth, this.step, left),
    };
    const ran = due.map(([node, visits]): [NodeDefinition, Ran[]] => [
      node,
      visits.map((of) => ({ ...visit(around, node, of), from: of.item })),
    ]);
    this.visits.push(...ran.flatMap(([, visits]) => visits));
    const fatal = ran.flatMap(([node, visits]) =>
      visits.flatMap(({ ended, from }) =>
        ended.kind === 'failed' && handling(definition, node, { ...ended, from }) === 'fatal' ? [ended.failure] : [],
      ),
    );
    if (fatal.length > 0) throw new Cut(fatal);
    const planned: Planned = { due: new Map(), ended: false };
    const written = new Set<string>();
    const step_: StepSoFar = {
      ...{ definition, channels, scopeOf, written },
      ...this.to(planned),
      before: state,
      after: state,
      replaced: new Set(),
    };
    for (const [node, visits] of ran) commitNode(step_, node, visits);
    const next = this.plan(planned);
    this.state = step_.after;
    for (const name of written) if (definition.state && name in definition.state) this.written.add(name);
    return next;
  }

  /** What runs next, in the order of node id. @throws Failed where nothing can, or may */
  private plan(planned: Planned): [NodeDefinition, Due[]][] {
    fireJoins(this.joins, planned, this.tell);
    this.ended ||= planned.ended;
    const ids = [...planned.due.keys()].sort();
    if (ids.length === 0 && (this.joins.size > 0 || !this.ended)) throw nowhere('DEADLOCK');
    if (ids.length > 0 && this.step >= (this.definition.limits?.max_steps ?? 1000)) throw nowhere('MAX_STEPS');
    return ids.map((id) => [this.node(id), this.number(id, planned.due.get(id) ?? { plain: false, items: [] })]);
  }

  private number(id: string, { plain, items }: { plain: boolean; items: NonNullable<Due['item']>[] }): Due[] {
    const sorted = [...items].sort((a, b) => a.edge - b.edge || a.index - b.index);
    const before = this.begun.get(id);
    if (before) this.tell('node ran again');
    const all = plain ? [null, ...sorted] : sorted;
    this.begun.set(id, (before ?? 0) + all.length);
    for (const _ of sorted) this.tell('item');
    return all.map((item, i) => ({ visit: (before ?? 0) + i + 1, item }));
  }

  private node(id: string): NodeDefinition {
    const node = this.nodes.get(id);
    if (!node) throw new Error(`no node ${id}`);
    return node;
  }

  private output(): Json {
    const { output } = this.definition;
    if (output === undefined) return Object.fromEntries([...this.written].map((at) => [at, this.state[at] ?? null]));
    const failed = (): never => {
      throw nowhere('OUTPUT_ERROR');
    };
    return evaluated(() => value(output, this.scopeOf(this.state)), failed);
  }

  private outcome(status: Expected['status'], errors: Failure[]): Expected {
    for (const { code } of errors) this.tell(code);
    this.tell(status);
    const { state, step: steps, visits } = this;
    return { status, errors, state, steps, visits, output: null, cutStep: null };
  }
}
