import { CancelledFailure, type Context } from '@temporalio/activity';
import type { ActivityInterceptors } from '@temporalio/worker';
import { ApplicationFailure } from '@temporalio/common';
import { beatWhile } from './heartbeat.js';
import { isForeseen, toActivityFailure, type FailureSite } from './failure.js';
import { inSpan, type SpanSite } from './trace.js';

interface Subject {
  node?: unknown;
  visit?: unknown;
  attempts_before?: unknown;
  traceparent?: unknown;
  tenant_id?: unknown;
  execution_id?: unknown;
  ref?: Subject;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const subjectOf = (args: readonly unknown[]): Subject =>
  typeof args[0] === 'object' && args[0] !== null ? args[0] : {};

const failureSite = (subject: Subject, attempts: number): FailureSite => ({
  node: text(subject.node) ?? null,
  visit: typeof subject.visit === 'number' ? subject.visit : null,
  attempts: attempts + (typeof subject.attempts_before === 'number' ? subject.attempts_before : 0),
});

const spanSite = (context: Context, subject: Subject): SpanSite => ({
  name: context.info.activityType,
  traceparent: text(subject.traceparent) ?? text(subject.ref?.traceparent),
  attributes: {
    'agf.tenant_id': text(subject.tenant_id) ?? text(subject.ref?.tenant_id),
    'agf.execution_id': text(subject.execution_id) ?? text(subject.ref?.execution_id),
    'agf.node': text(subject.node),
    'agf.attempt': context.info.attempt,
  },
});

/** Around every activity: a span that joins the starter's trace, heartbeats, and errors that travel with their code. */
export const activityContext = (context: Context): ActivityInterceptors => ({
  inbound: {
    execute: (input, next) => {
      const subject = subjectOf(input.args);
      return inSpan(spanSite(context, subject), async () => {
        try {
          return await beatWhile(context, () => next(input));
        } catch (error) {
          // A cancelled call ends as cancelled, however its client library words it.
          if (context.cancellationSignal.aborted && !isForeseen(error) && !(error instanceof ApplicationFailure))
            throw error instanceof CancelledFailure ? error : new CancelledFailure('Cancelled', [], error as Error);
          if (!isForeseen(error) && !(error instanceof ApplicationFailure))
            context.log.error('an activity failed with what nobody foresaw', { error });
          throw toActivityFailure(error, failureSite(subject, context.info.attempt));
        }
      });
    },
  },
});
