import type { JsonObject } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';

/** A verified caller who may not do what was asked. */
export interface Denial {
  tenant_id: string;
  actor_id: string;
  /** e.g. `POST /api/v1/agents/:id`, as it is declared */
  route: string;
  /** what was asked for, without its query; at most 255 characters */
  path: string;
  /** the error's code, what was needed, what the caller has */
  details: JsonObject;
}

/** Where the guard tells of whom it refused: what the app has given by `denials`, else nowhere. */
@Injectable()
export class DenialLog {
  write: (denial: Denial) => Promise<void> = () => Promise.resolve();
}
