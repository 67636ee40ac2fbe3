import { isStorableText } from '@aumos/agf-domain';
import { notFound } from '@aumos/agf-platform';
import { type PipeTransform } from '@nestjs/common';

/** `@Param('name', NamePipe) name: string`: what nothing can be called names nothing, so the answer is 404. */
export class NamePipe implements PipeTransform<unknown, string> {
  transform(value: unknown): string {
    if (typeof value !== 'string' || value.length > 64 || !isStorableText(value)) throw notFound();
    return value;
  }
}
