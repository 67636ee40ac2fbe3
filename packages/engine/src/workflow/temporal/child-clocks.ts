import { defineSignal, setHandler } from '@temporalio/workflow';
import { SIGNAL_CHILD_CLOCK, type ChildClock } from '../../common/index.js';
import type { HoldableClock } from '../run/runtime.js';

interface Followed {
  clock: HoldableClock;
  seq: number;
  stands: boolean;
}

/** The clocks of the children that run now: what they tell may come twice, in another order, or too late. */
export class ChildClocks {
  private readonly followed = new Map<string, Followed>();

  follow(executionId: string, clock: HoldableClock): void {
    this.followed.set(executionId, { clock, seq: 0, stands: false });
  }

  told({ execution_id, seq, stands }: ChildClock): void {
    const child = this.followed.get(execution_id);
    if (!child || seq <= child.seq) return;
    child.seq = seq;
    if (child.stands === stands) return;
    child.stands = stands;
    if (stands) child.clock.hold();
    else child.clock.release();
  }

  /** The child has ended: it holds nothing any more. */
  forget(executionId: string): void {
    const child = this.followed.get(executionId);
    this.followed.delete(executionId);
    if (child?.stands) child.clock.release();
  }
}

const childClock = defineSignal<[ChildClock]>(SIGNAL_CHILD_CLOCK);

/** What children tell from now on. None runs while an execution goes on in another run. */
export function listenToChildren(): ChildClocks {
  const children = new ChildClocks();
  setHandler(childClock, (told) => {
    children.told(told);
  });
  return children;
}
