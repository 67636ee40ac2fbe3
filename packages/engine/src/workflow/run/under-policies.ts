import { policiesTold } from '../../common/index.js';
import { NodeError } from '../plan/node-error.js';
import type { Visit } from './visit.js';

/** So often they may change between an approval and its call. */
const MOST_CHANGES = 10;

/**
 * Makes a call; where policies of the tenant hold it that came meanwhile, nothing was done: it is made anew, under them,
 * which the execution knows from then on.
 */
export async function underPolicies<T>({ run, site }: Pick<Visit, 'run' | 'site'>, make: () => Promise<T>): Promise<T> {
  for (let changes = 0; ; changes++) {
    try {
      return await make();
    } catch (thrown) {
      const told = thrown instanceof NodeError ? policiesTold(thrown.error) : undefined;
      if (told === undefined || changes >= MOST_CHANGES) throw thrown;
      run.learnPolicies(told);
      // The approval that it keeps is of what was asked before.
      run.handover.drop(site);
    }
  }
}
