import { ValidateIf, type ValidationOptions } from 'class-validator';

/** The member may be absent. Unlike @IsOptional() it does not let null through. */
export const IfPresent = (options?: ValidationOptions): PropertyDecorator =>
  ValidateIf((_object, value) => value !== undefined, options);
