import type { Json } from '@aumos/agf-domain/runtime';
import type { AgentAnswer, ModelToolCall } from '../../../common/index.js';
import type { Handover } from '../handover.js';
import type { Site } from '../site.js';

/** A call of the model's newest turn. */
export interface OpenCall {
  site: Site;
  call: ModelToolCall;
  /** null: it is being made */
  answer: AgentAnswer | null;
}

/** Where an agent's visit stands. Plain JSON, and all that another run needs to go on with it. */
export interface AgentStanding {
  /** the turn that comes, or whose calls are being made; from 1 */
  turn: number;
  /** calls that the model asked for so far */
  calls: number;
  /** it was told once that its answer is not what the node asks for */
  repaired: boolean;
  /** what the turn that comes is told */
  told: AgentAnswer[];
  open: OpenCall[] | null;
}

/** The standing of a visit as an earlier run left it, or of one that begins; what is changed in it is handed over. */
export function standingOf(handover: Handover, site: Site): AgentStanding {
  const before = handover.keptOf(site) as unknown as AgentStanding | undefined;
  const standing = before ?? { turn: 1, calls: 0, repaired: false, told: [], open: null };
  handover.keep(site, standing as unknown as Json);
  return standing;
}
