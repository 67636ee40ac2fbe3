import { type FieldError, invalidRequest } from '@aumos/agf-domain';
import { type ArgumentMetadata, ValidationPipe, type ValidationError } from '@nestjs/common';

/** `steps[1].name`: dots for members, brackets for places in a list. */
export function fieldErrors(errors: readonly ValidationError[], at = ''): FieldError[] {
  return errors.flatMap((each) => {
    const place = /^\d+$/.test(each.property);
    const field = place ? `${at}[${each.property}]` : at === '' ? each.property : `${at}.${each.property}`;
    const own = Object.values(each.constraints ?? {}).map((error) => ({ field, error }));
    return [...own, ...fieldErrors(each.children ?? [], field)];
  });
}

/**
 * Every object has these, so class-transformer leaves them out of what it makes and nobody would refuse them.
 * @throws ApiError VALIDATION_ERROR
 */
function refuseInherited(given: object): void {
  refuse(
    Object.keys(given)
      .filter((field) => field in Object.prototype)
      .map((field) => ({ field, error: `property ${field} should not exist` })),
  );
}

/** PostgreSQL takes no NUL in a text: no value that is searched for may hold one. @throws ApiError VALIDATION_ERROR */
function refuseNul(query: object): void {
  refuse(
    Object.entries(query)
      .filter(([, value]) => [value].flat().some((each) => typeof each === 'string' && each.includes('\0')))
      .map(([field]) => ({ field, error: `${field} must not hold a NUL character` })),
  );
}

function refuse(fields: FieldError[]): void {
  if (fields.length > 0) throw invalidRequest(fields);
}

class RequestPipe extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const { type } = metadata;
    if ((type === 'query' || type === 'body') && typeof value === 'object' && value !== null) {
      refuseInherited(value);
      if (type === 'query') refuseNul(value);
    }
    return super.transform(value, metadata);
  }
}

/** Bodies and queries against their DTOs: unknown members are refused, what was declared is transformed. */
export const validationPipe = (): ValidationPipe =>
  new RequestPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    exceptionFactory: (errors) => invalidRequest(fieldErrors(errors)),
  });
