import { ApiError, type FieldError } from '@aumos/agf-domain';
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

/** PostgreSQL takes no NUL in a text: no value that is searched for may hold one. @throws ApiError VALIDATION_ERROR */
function refuseNul(query: object): void {
  const fields = Object.entries(query)
    .filter(([, value]) => [value].flat().some((each) => typeof each === 'string' && each.includes('\0')))
    .map(([field]) => ({ field, error: `${field} must not hold a NUL character` }));
  if (fields.length > 0) throw new ApiError('VALIDATION_ERROR', 'The request is not valid.', { fields });
}

class RequestPipe extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'query' && typeof value === 'object' && value !== null) refuseNul(value);
    return super.transform(value, metadata);
  }
}

/** Bodies and queries against their DTOs: unknown members are refused, what was declared is transformed. */
export const validationPipe = (): ValidationPipe =>
  new RequestPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    exceptionFactory: (errors) =>
      new ApiError('VALIDATION_ERROR', 'The request is not valid.', { fields: fieldErrors(errors) }),
  });
