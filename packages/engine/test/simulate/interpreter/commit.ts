/** A step's writes, in the order of node id, then item; and where each node's ending leads. */
import type { Json, JsonObject, NodeDefinition, WorkflowDefinition } from '@aumos/agf-domain';
import { reduce, takes, type Channels } from './channels.js';
import { followEdges, go, type JoinsReached, type Planned } from './edges.js';
import type { Scope } from './evaluate.js';
import { Failed, type ExpectedVisit, type Failure, type Tell } from './expected.js';
import type { Due, Ended } from './visit.js';

export type Ran = ExpectedVisit & { ended: Ended; from: Due['item'] };

export interface StepSoFar {
  definition: WorkflowDefinition;
  channels: Channels;
  /** at the step's start */
  before: JsonObject;
  /** with the writes so far */
  after: JsonObject;
  /** `replace` channels somebody wrote in this step */
  replaced: Set<string>;
  written: Set<string>;
  planned: Planned;
  joins: JoinsReached;
  scopeOf: (state: JsonObject) => Scope;
  tell: Tell;
}

const UNCATCHABLE = ['CANCELLED', 'EXECUTION_TIMEOUT', 'MAX_STEPS'];

export type Handling = 'collect' | 'continue' | 'fatal' | { to: string };

/** What becomes of a visit's error. */
export function handling(
  { edges }: WorkflowDefinition,
  node: NodeDefinition,
  { failure, open, from }: { failure: Failure; open: boolean; from: Due['item'] },
): Handling {
  if (UNCATCHABLE.includes(failure.code)) return 'fatal';
  if (from && edges[from.edge]?.on_item_error === 'collect') return 'collect';
  if (open && node.on_open === 'CONTINUE') return 'continue';
  const to = (open ? node.on_open : undefined) ?? node.on_error;
  return to === undefined ? 'fatal' : { to };
}

const jsonOf = (failure: Failure): Json => ({ ...failure, message: '', details: {} });

/** @throws Failed what nothing takes */
export function commitNode(step: StepSoFar, node: NodeDefinition, visits: Ran[]): void {
  let own = step.before;
  let leads: string | undefined;
  const write = (channel: string, value: Json): void => {
    const of = step.channels[channel] ?? {};
    step.after = { ...step.after, [channel]: reduce(of, step.after[channel] ?? null, value) ?? null };
    own = { ...own, [channel]: reduce(of, own[channel] ?? null, value) ?? null };
    if ((of.reducer ?? 'replace') === 'replace') step.replaced.add(channel);
    step.written.add(channel);
  };
  const caught = (failure: Failure, to: string | undefined): void => {
    write('error', jsonOf(failure));
    leads ??= to;
  };
  for (const visit of visits) {
    const failed = visit.ended.kind === 'failed' ? visit.ended : refusal(step, visit, visit.ended.writes);
    if (!failed) for (const [channel, value] of (visit.ended as Ended & { kind: 'done' }).writes) write(channel, value);
    else {
      Object.assign(visit, { error: failed.failure, output: null });
      const what = handling(step.definition, node, { ...failed, from: visit.from });
      if (what === 'fatal') throw new Failed(failed.failure);
      step.tell(typeof what === 'object' ? 'caught' : what);
      if (what === 'collect') write('errors', [jsonOf(failed.failure)]);
      else if (leads === undefined) caught(failed.failure, typeof what === 'object' ? what.to : undefined);
    }
  }
  if (leads !== undefined) return go(step.planned, leads);
  try {
    const site = { node: node.id, visit: visits.at(-1)?.visit ?? null };
    followEdges(step.definition, node.id, step.scopeOf(own), site, step);
  } catch (thrown) {
    if (!(thrown instanceof Failed) || node.on_error === undefined) throw thrown;
    step.tell('caught at an edge');
    caught(thrown.failure, undefined);
    go(step.planned, node.on_error);
  }
}

/** A visit's writes are taken all or none. */
function refusal(step: StepSoFar, visit: Ran, writes: [string, Json][]): (Ended & { kind: 'failed' }) | undefined {
  const after = { ...step.after };
  const fits = writes.every(([name, value]) => {
    const channel = step.channels[name] ?? {};
    const taken = takes(channel, after[name] ?? null, value);
    after[name] = reduce(channel, after[name] ?? null, value) ?? null;
    return taken;
  });
  const clash = writes.some(([name]) => step.replaced.has(name));
  if (fits && !clash) return undefined;
  const code = fits ? 'STATE_CONFLICT' : 'STATE_SCHEMA';
  step.tell(`${code} of a visit`);
  return { kind: 'failed', open: false, failure: { code, node: visit.node, visit: visit.visit, attempts: 1 } };
}
