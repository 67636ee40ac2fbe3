import { type EventType } from '@aumos/agf-domain';
import { applyDecorators, Catch, type ExceptionFilter, UseFilters } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { type Observable, throwError } from 'rxjs';

/** Nest's own filter hides the error behind "Internal server error"; retries and dead letters need the real one. */
@Catch()
class RethrowFilter implements ExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/**
 * Marks a controller's method as the handler of an event type: `handle(@Payload() event: DeliveredEvent<'agf.…'>)`.
 * It runs in the event's tenant transaction, which the inbox row shares.
 */
export const HandleEvent = (type: EventType): MethodDecorator =>
  applyDecorators(EventPattern<string>(type), UseFilters(new RethrowFilter()));
