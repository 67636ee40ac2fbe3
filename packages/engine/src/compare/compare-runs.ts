import { canonicalJson, type Json } from '@aumos/agf-domain/runtime';
import { UNRECORDED } from './recorded-script.js';
import type { Run, RunApproval, RunVisit } from './run.js';

interface At {
  node: string;
  visit: number;
}

/** A node that is visited more or less often; 0: not at all. */
export interface NodeDifference {
  node: string;
  before: number;
  after: number;
}

/** The first step in which other nodes run, where each node runs as often as before. */
export interface OrderDifference {
  step: number;
  before: string[];
  after: string[];
}

/** A visit that ends in another way. */
export interface EndDifference extends At {
  before: string;
  after: string;
}

export type CallDifference = At & { name: string } & (
    | { kind: 'arguments'; before: Json; after: Json }
    /** another tool, handler or workflow; or none before, none after */
    | { kind: 'added' | 'removed'; arguments: Json }
    /** nothing was recorded that could answer it: what follows it is not known */
    | { kind: 'unrecorded'; arguments: Json }
  );

export type ApprovalDifference = At & { gate_name: string } & (
    { kind: 'added' | 'removed'; asked: Asked } | { kind: 'changed'; before: Asked; after: Asked }
  );
type Asked = Omit<RunApproval, 'gate_name' | 'decision'>;

/** Null: none. */
export interface OutcomeDifference {
  status: { before: string; after: string } | null;
  error: { before: string | null; after: string | null } | null;
  output: { before: Json; after: Json } | null;
}

export interface RunDifferences {
  /** nothing differs */
  same: boolean;
  nodes: NodeDifference[];
  order: OrderDifference | null;
  ends: EndDifference[];
  calls: CallDifference[];
  approvals: ApprovalDifference[];
  outcome: OutcomeDifference;
}

/** What differs between an execution and the same one on another version. Pure. */
export function compareRuns(before: Run, after: Run): RunDifferences {
  const nodes = countsOf(before, after);
  const order = nodes.length > 0 ? null : orderOf(before, after);
  const pairs = paired(before.visits, after.visits);
  const ends = pairs.flatMap(endsOf);
  const calls = pairs.flatMap(callsOf);
  const approvals = pairs.flatMap(approvalsOf);
  const outcome = outcomeOf(before, after);
  const parts = [nodes, ends, calls, approvals, Object.values(outcome).filter((each) => each !== null)];
  const same = order === null && parts.every(({ length }) => length === 0);
  return { same, nodes, order, ends, calls, approvals, outcome };
}

const same = (a: Json, b: Json): boolean => a === b || canonicalJson(a) === canonicalJson(b);

function countsOf(before: Run, after: Run): NodeDifference[] {
  const count = ({ visits }: Run): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const { node } of visits) counts.set(node, (counts.get(node) ?? 0) + 1);
    return counts;
  };
  const [a, b] = [count(before), count(after)];
  return [...new Set([...a.keys(), ...b.keys()])]
    .sort()
    .map((node) => ({ node, before: a.get(node) ?? 0, after: b.get(node) ?? 0 }))
    .filter((each) => each.before !== each.after);
}

function orderOf(before: Run, after: Run): OrderDifference | null {
  const steps = ({ visits }: Run): Map<number, string[]> => {
    const nodes = new Map<number, string[]>();
    for (const { step, node } of visits) nodes.set(step, [...(nodes.get(step) ?? []), node]);
    return nodes;
  };
  const [a, b] = [steps(before), steps(after)];
  const step = [...new Set([...a.keys(), ...b.keys()])]
    .sort((x, y) => x - y)
    .find((each) => !same(a.get(each) ?? [], b.get(each) ?? []));
  return step === undefined ? null : { step, before: a.get(step) ?? [], after: b.get(step) ?? [] };
}

interface Pair {
  at: At;
  before: RunVisit | undefined;
  after: RunVisit | undefined;
}

/** Visits of both, by node and visit, in the order in which they are first met. */
function paired(before: readonly RunVisit[], after: readonly RunVisit[]): Pair[] {
  const key = ({ node, visit }: At): string => `${node}/${String(visit)}`;
  const pairs = new Map<string, Pair>();
  const at = ({ node, visit }: At): At => ({ node, visit });
  for (const visit of before) pairs.set(key(visit), { at: at(visit), before: visit, after: undefined });
  for (const visit of after) {
    const pair = pairs.get(key(visit));
    if (pair) pair.after = visit;
    else pairs.set(key(visit), { at: at(visit), before: undefined, after: visit });
  }
  return [...pairs.values()];
}

/** Also of a child. */
function isUnrecorded(visit: RunVisit | undefined): boolean {
  const cause = visit?.error?.details['cause'] as { code?: string } | undefined;
  return visit?.error?.code === UNRECORDED || cause?.code === UNRECORDED;
}

const endOf = ({ status, error }: RunVisit): string => (error ? `${status}: ${error.code}` : status);

/** Errors of a visit whose call had ended well: its row tells that. */
const AFTER_THE_CALL: ReadonlySet<string> = new Set([
  'STATE_SCHEMA',
  'STATE_CONFLICT',
  'STATE_LIMIT',
  'EXPRESSION_ERROR',
]);
const failedLater = (before: RunVisit, after: RunVisit): boolean =>
  before.call !== null && before.status === 'completed' && AFTER_THE_CALL.has(after.error?.code ?? '');

/** One that its siblings' failure ended would have ended in its own way at another time. */
function endsOf({ at, before, after }: Pair): EndDifference[] {
  if (before && after && failedLater(before, after)) return [];
  if (!before || !after || before.status === 'cancelled' || isUnrecorded(after)) return [];
  const [a, b] = [endOf(before), endOf(after)];
  return a === b ? [] : [{ ...at, before: a, after: b }];
}

function callsOf({ at, before, after }: Pair): CallDifference[] {
  const [was, is] = [before?.call ?? null, after?.call ?? null];
  if (is && isUnrecorded(after)) return [{ ...at, kind: 'unrecorded', name: is.name, arguments: is.arguments }];
  if (was && is && was.kind === is.kind && was.name === is.name) {
    if (same(was.arguments, is.arguments)) return [];
    return [{ ...at, kind: 'arguments', name: is.name, before: was.arguments, after: is.arguments }];
  }
  return [
    ...(was ? [{ ...at, kind: 'removed' as const, name: was.name, arguments: was.arguments }] : []),
    ...(is ? [{ ...at, kind: 'added' as const, name: is.name, arguments: is.arguments }] : []),
  ];
}

const asked = ({ gate_name: _, decision: __, ...rest }: RunApproval): Asked => rest;

function approvalsOf({ at, before, after }: Pair): ApprovalDifference[] {
  const [were, are] = [before?.approvals ?? [], after?.approvals ?? []];
  const gates = [...new Set([...were, ...are].map(({ gate_name }) => gate_name))];
  return gates.flatMap((gate_name): ApprovalDifference[] => {
    // A visit that waited for its breaker asks its gate again: one answer tells for all.
    const was = were.find((each) => each.gate_name === gate_name);
    const is = are.find((each) => each.gate_name === gate_name);
    if (was && is) {
      const [a, b] = [asked(was), asked(is)];
      return same(a, b) ? [] : [{ ...at, gate_name, kind: 'changed', before: a, after: b }];
    }
    if (is) return [{ ...at, gate_name, kind: 'added', asked: asked(is) }];
    return was ? [{ ...at, gate_name, kind: 'removed', asked: asked(was) }] : [];
  });
}

function outcomeOf(before: Run, after: Run): OutcomeDifference {
  const [was, is] = [before.error?.code ?? null, after.error?.code ?? null];
  return {
    status: before.status === after.status ? null : { before: before.status, after: after.status },
    error: was === is ? null : { before: was, after: is },
    output: same(before.output, after.output) ? null : { before: before.output, after: after.output },
  };
}
