import type { ExecutionStart } from '../../common/index.js';
import { executionError } from '../plan/failure.js';
import { NodeError } from '../plan/node-error.js';
import { ExecutionClock } from './execution-clock.js';
import type { HoldableClock, Runtime } from './runtime.js';

/** What a visit comes to whose child did not end in its time. */
export const CHILD_TIMEOUT = 'CHILD_TIMEOUT';

export interface ChildLimit {
  /** holds the parent's clock and this limit */
  clock: HoldableClock;
  /** the time was over */
  readonly isOver: boolean;
  stop(): void;
}

/** A child's time from now on, beside the parent's own; both stand still while the child's clock does. */
export function childLimit(
  runtime: Pick<Runtime, 'now' | 'timer'>,
  parent: HoldableClock,
  seconds: number | undefined,
  onOver: () => void,
): ChildLimit {
  if (seconds === undefined) return { clock: parent, isOver: false, stop: () => undefined };
  let isOver = false;
  const time = {
    now: () => runtime.now(),
    timer: (ms: number, fire: () => void) => runtime.timer(ms, fire),
    clockStands: () => undefined,
  };
  const own = new ExecutionClock(time, seconds * 1000, () => {
    isOver = true;
    onOver();
  });
  own.start();
  const both = [parent, own];
  return {
    clock: {
      hold: () => {
        for (const clock of both) clock.hold();
      },
      release: () => {
        for (const clock of both) clock.release();
      },
    },
    get isOver() {
      return isOver;
    },
    stop: () => {
      own.stop();
    },
  };
}

export function childTimeout(
  { execution_id, workflow_name, ancestors }: Pick<ExecutionStart, 'execution_id' | 'workflow_name' | 'ancestors'>,
  seconds: number,
): NodeError {
  const site = ancestors?.at(-1) ?? { node: null, visit: null };
  const message = `${workflow_name} did not end within ${String(seconds)} seconds`;
  return new NodeError(executionError(site, CHILD_TIMEOUT, message, { child_execution_id: execution_id }));
}
