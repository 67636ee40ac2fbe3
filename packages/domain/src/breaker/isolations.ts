import type { BreakerIsolation } from './breaker.js';

/** Where guards learn what operators have taken out of use. */
export abstract class BreakerIsolations {
  /** Those in force now. */
  abstract of(tenantId: string): Promise<readonly BreakerIsolation[]>;
}
