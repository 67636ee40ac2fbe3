import { isStorableText } from '@aumos/agf-domain';
import { ValidateBy } from 'class-validator';

/** A text that PostgreSQL can hold, or a list of such. */
export const IsStorable = (): PropertyDecorator =>
  ValidateBy({
    name: 'isStorable',
    validator: {
      validate: (value: unknown) => (Array.isArray(value) ? value : [value]).every(isStorable),
      defaultMessage: (args) => `${args?.property ?? 'it'} must not hold a NUL character or half of a pair`,
    },
  });

const isStorable = (value: unknown): boolean => typeof value !== 'string' || isStorableText(value);
