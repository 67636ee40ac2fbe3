import { isDeepStrictEqual } from 'node:util';
import { expect } from '@jest/globals';
import type { ExecutionError, Json, JsonObject } from '@aumos/agf-domain';
import type { Expected, ExpectedVisit } from './interpreter/expected.js';

/** What was observed of an execution, by simulation or for real. */
export interface Observed {
  status: string;
  output: Json;
  error: ExecutionError | null;
  /** absent: not to be seen */
  state?: JsonObject;
  steps?: number;
  visits: ObservedVisit[];
}

type ObservedVisit = Omit<ExpectedVisit, 'decisions' | 'child'> & { decisions: string[]; child?: Observed };

type SeenVisit = Omit<ObservedVisit, 'child'>;

const failureOf = (error: ExecutionError): JsonObject => {
  const { code, node, visit, attempts } = error;
  return { code, node, visit, attempts };
};

/** Messages and details are not the language's. */
export function plainState(state: JsonObject): JsonObject {
  const { error = null, errors, ...rest } = state;
  const plain = (value: Json): Json => (value === null ? null : failureOf(value as unknown as ExecutionError));
  return { ...rest, error: plain(error), ...(Array.isArray(errors) ? { errors: errors.map(plain) } : {}) };
}

const inOrder = (a: SeenVisit, b: SeenVisit): number =>
  a.step - b.step || (a.node < b.node ? -1 : a.node > b.node ? 1 : a.visit - b.visit);

const plainVisit = ({ node, visit, step, item, input, output, error, calls, decisions }: SeenVisit) => ({
  ...{ node, visit, step, item, input, output, calls, decisions },
  error: error && failureOf(error as ExecutionError),
});

/** Jest's matcher tells the difference, but takes its time to find none. */
function same(observed: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(observed, expected)) expect(observed).toStrictEqual(expected);
}

/** @throws where the observed execution is none that the language allows */
export function compare(observed: Observed, expected: Expected): void {
  expect(observed.status).toBe(expected.status);
  const { cutStep } = expected;
  const error = observed.error && failureOf(observed.error);
  if (expected.errors.length === 0) expect(error).toBeNull();
  else expect(expected.errors).toContainEqual(error);
  same(observed.output, expected.output);
  if (observed.state) same(plainState(observed.state), plainState(expected.state));
  if (observed.steps !== undefined) expect(observed.steps).toBe(expected.steps);
  // What was done before the step that was cut is undone in any case.
  const done = new Map(expected.visits.map(({ node, visit, step }) => [`${node}/${String(visit)}`, step]));
  const madeIn = ({ node, visit, step }: SeenVisit): number =>
    done.get(/^(\w+)~(\d+)~/.exec(node)?.slice(1).join('/') ?? `${node.replace('~compensate', '')}/${String(visit)}`) ??
    step;
  const sure = (visits: SeenVisit[]) =>
    visits
      .filter((visit) => madeIn(visit) !== cutStep)
      .sort(inOrder)
      .map(plainVisit);
  same(sure(observed.visits), sure(expected.visits));
  for (const { node, visit, step, child } of observed.visits) {
    const told = expected.visits.find((each) => each.node === node && each.visit === visit)?.child;
    if (child && told && step !== cutStep) compare(child, told);
  }
  const cut = expected.visits.map(plainVisit);
  for (const visit of observed.visits)
    if (madeIn(visit) === cutStep && visit.error?.code !== 'CANCELLED') expect(cut).toContainEqual(plainVisit(visit));
}
