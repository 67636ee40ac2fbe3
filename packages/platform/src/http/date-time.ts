import { buildMessage, ValidateBy, type ValidationOptions } from 'class-validator';

const RFC_3339 =
  /^(?!0000)(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;

/** Whether it is a date-time of RFC 3339 that the calendar has; other forms of ISO 8601 (weeks, no time) are none. */
export function isDateTime(value: unknown): value is string {
  const day = typeof value === 'string' ? RFC_3339.exec(value)?.[1] : undefined;
  if (day === undefined) return false;
  // A day that its month does not have becomes one of the next month.
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** `@IsDateTime() started_after: string`, which `new Date(…)` reads. */
export const IsDateTime = (options?: ValidationOptions): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isDateTime',
      validator: {
        validate: isDateTime,
        defaultMessage: buildMessage((each) => `${each}$property must be an RFC 3339 date-time`, options),
      },
    },
    options,
  );
