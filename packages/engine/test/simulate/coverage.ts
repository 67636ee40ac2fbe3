import { expect } from '@jest/globals';
import type { Generated } from './interpreter/world.js';
import { shapesOf } from './shapes.js';

/** Seen in every second graph, or nearly. */
const OFTEN = [
  'approved',
  'caught',
  'compensation',
  'completed',
  'empty list',
  'fan-out',
  'function',
  'gate',
  'item',
  'join fired',
  'node ran again',
  'retried',
  'tool',
];
/** Seen at all; more than a dozen times in 2,000 graphs. */
const SOMETIMES = [
  'APPROVAL_EXPIRED',
  'APPROVAL_REJECTED',
  'CIRCUIT_OPEN',
  'DEADLOCK',
  'EXPRESSION_ERROR',
  'MAX_STEPS',
  'NO_EDGE_MATCHED',
  'CHILD_FAILED',
  'OUTPUT_ERROR',
  'STATE_CONFLICT of a visit',
  'STATE_SCHEMA',
  'WAIT_TIMEOUT',
  'caught at an edge',
  'collect',
  'compensate',
  'compensation failed',
  'continue',
  'denied',
  'expired',
  'fail',
  'refused',
  'rejected',
  'wait',
  'waited for a breaker',
  'workflow',
];
const ENOUGH_TO_TELL = 1_000;

/** What happened in the generated graphs: a generator that stops making it proves nothing. */
export class Coverage {
  private readonly seen = new Map<string, number>();

  readonly tell = (event: string): void => {
    this.seen.set(event, (this.seen.get(event) ?? 0) + 1);
  };

  /** A graph before it is executed. */
  drawn({ definition }: Generated): void {
    for (const shape of shapesOf(definition)) this.tell(`graph ${shape}`);
  }

  /** by event, in the order of their names */
  get counts(): Record<string, number> {
    return Object.fromEntries([...this.seen].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** @throws where so many graphs made too little happen */
  suffices(graphs: number): void {
    if (graphs < ENOUGH_TO_TELL) return;
    const least = (events: string[], count: number) => events.filter((event) => (this.seen.get(event) ?? 0) < count);
    expect({ rare: least(OFTEN, graphs / 8), missing: least(SOMETIMES, 1) }).toEqual({ rare: [], missing: [] });
  }
}
