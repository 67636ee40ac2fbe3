import type { BreakerKey } from './breaker.js';

/** What a drill showed: a tool was made to fail, and this is how far that went. Times are ms. */
export interface DrillReport {
  /** calls that got as far as the tool, and failed there */
  calls_failed: number;
  /** calls that the tool's breaker refused at once */
  calls_refused: number;
  /** from the first failed call to the opening of the tool's breaker; null: it did not open */
  opened_after_ms: number | null;
  /** from the end of the fault to the last closing of the tool's breaker; null: it did not open, or is not closed */
  recovered_after_ms: number | null;
  /** those of which a call failed or was refused, by how they stood when the drill ended */
  executions: { failed: number; contained: number; cancelled: number; under_way: number };
  /** every breaker of the tenant that opened meanwhile, in the order of their first opening */
  breakers: DrilledBreaker[];
}

export interface DrilledBreaker {
  circuit_key: BreakerKey;
  times_opened: number;
  /** RFC 3339, the first time */
  opened_at: string;
  /** RFC 3339; null: it was not closed again */
  closed_at: string | null;
}
