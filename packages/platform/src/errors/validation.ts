import { ApiError, type FieldError } from '@aumos/agf-domain';
import { ValidationPipe, type ValidationError } from '@nestjs/common';

/** `steps[1].name`: dots for members, brackets for places in a list. */
export function fieldErrors(errors: readonly ValidationError[], at = ''): FieldError[] {
  return errors.flatMap((each) => {
    const place = /^\d+$/.test(each.property);
    const field = place ? `${at}[${each.property}]` : at === '' ? each.property : `${at}.${each.property}`;
    const own = Object.values(each.constraints ?? {}).map((error) => ({ field, error }));
    return [...own, ...fieldErrors(each.children ?? [], field)];
  });
}

/** Bodies and queries against their DTOs: unknown members are refused, what was declared is transformed. */
export const validationPipe = (): ValidationPipe =>
  new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    exceptionFactory: (errors) =>
      new ApiError('VALIDATION_ERROR', 'The request is not valid.', { fields: fieldErrors(errors) }),
  });
