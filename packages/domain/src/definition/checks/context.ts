import type { DefinitionCatalog } from '../catalog.js';
import type { Draft } from '../draft.js';
import type { FindingList } from '../findings.js';
import type { Components } from '../graph/components.js';
import type { Flow } from '../graph/flow.js';
import type { Timing } from '../graph/pairs.js';
import type { Reached } from '../graph/reach.js';

/** What every semantic check sees. */
export interface CheckContext {
  draft: Draft;
  catalog: DefinitionCatalog;
  findings: FindingList;
  flow: Flow;
  reached: Reached;
}
/** What the checks of concurrency see besides. */
export type TimedContext = CheckContext & Timing & { components: Components };
