interface At {
  node: string;
  visit: number;
}
interface Asked {
  privilege_level: number;
  approvals_required: number;
}
interface Change {
  before: unknown;
  after: unknown;
}

/** The answer of `POST /workflows/{id}/compare`, as far as it is shown. */
export interface Comparison {
  same: boolean;
  compared: {
    execution_id: string;
    version: number;
    same: boolean;
    nodes: { node: string; before: number; after: number }[];
    order: { step: number; before: string[]; after: string[] } | null;
    ends: (At & Change)[];
    calls: (At & { kind: string; name: string; before?: unknown; after?: unknown; arguments?: unknown })[];
    approvals: (At & { gate_name: string; kind: string; asked?: Asked; before?: Asked; after?: Asked })[];
    outcome: Record<'status' | 'error' | 'output', Change | null>;
    missing_signals: (At & { name: string })[];
  }[];
  not_compared: { execution_id: string; reason: string }[];
}

const LONGEST = 120;

/** A table: what it is about, where, what differs. */
export function comparisonLines({ compared, not_compared }: Comparison): string[] {
  const differing = compared.filter(({ same }) => !same).length;
  const total = `${String(compared.length)} compared, ${String(differing)} differ, ${String(not_compared.length)} not compared`;
  return [
    ...compared.flatMap((each) => [
      `${each.execution_id}  version ${String(each.version)}  ${each.same ? 'same' : 'differs'}`,
      ...linesOf(each).map(([about, where, what]) => `  ${about.padEnd(9)} ${where.padEnd(28)} ${what}`),
    ]),
    ...not_compared.map(({ execution_id, reason }) => `${execution_id}  not compared: ${reason.replaceAll('_', ' ')}`),
    total,
  ];
}

type Line = [about: string, where: string, what: string];

function linesOf({
  nodes,
  order,
  ends,
  calls,
  approvals,
  outcome,
  missing_signals,
}: Comparison['compared'][number]): Line[] {
  return [
    ...nodes.map(({ node, before, after }): Line => ['node', node, `${change({ before, after })} visits`]),
    ...(order ? [['order', `step ${String(order.step)}`, change(order)] satisfies Line] : []),
    ...ends.map((each): Line => ['ends', at(each), change(each)]),
    ...calls.map((each): Line => {
      const what = each.kind === 'arguments' ? change(each as Change) : shown(each.arguments);
      return ['call', at(each), `${each.kind} ${each.name} ${what}`];
    }),
    ...approvals.map((each): Line => {
      const what = each.asked ? asked(each.asked) : `${asked(each.before)} → ${asked(each.after)}`;
      return ['approval', at(each), `${each.kind} ${each.gate_name}: ${what}`];
    }),
    ...missing_signals.map((each): Line => ['signal', at(each), `nobody sent ${each.name}`]),
    ...Object.entries(outcome).flatMap(([name, each]): Line[] => (each ? [['outcome', name, change(each)]] : [])),
  ];
}

const at = ({ node, visit }: At): string => (visit === 1 ? node : `${node}#${String(visit)}`);
const change = ({ before, after }: { before: unknown; after: unknown }): string => `${shown(before)} → ${shown(after)}`;
const asked = (given: Asked | undefined): string =>
  given ? `level ${String(given.privilege_level)}, ${String(given.approvals_required)} approval(s)` : '–';

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
