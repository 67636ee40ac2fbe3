import { notFound } from '@aumos/agf-platform';
import { isSessionId } from '@aumos/agf-sessions';
import type { PipeTransform } from '@nestjs/common';

/** A malformed id names nothing, so the answer is 404. */
export class SessionIdPipe implements PipeTransform<unknown, string> {
  transform(value: unknown): string {
    if (typeof value !== 'string' || !isSessionId(value)) throw notFound();
    return value;
  }
}
