/**
 * One after the other, in the order in which they were asked for. Local activities that run side by side end in one order,
 * and on a replay in the order in which they began: what follows them would then be scheduled in another order than the
 * history has. So there is never more than one whose end the workflow waits for.
 */
export class InTurn {
  private last: Promise<unknown> = Promise.resolve();

  use<T>(run: () => Promise<T>): Promise<T> {
    const mine = this.last.then(run);
    this.last = mine.catch(() => undefined);
    return mine;
  }
}
