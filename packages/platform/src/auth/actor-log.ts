import { Injectable } from '@nestjs/common';
import { type AuthenticatedActor } from './actor.js';

/** Where the guard tells of whom it let in: what the app has given by `actors`, else nowhere. Nobody waits for it. */
@Injectable()
export class ActorLog {
  seen: (actor: AuthenticatedActor) => void = () => undefined;
}
