import { notFound } from '@aumos/agf-platform';
import type { PipeTransform } from '@nestjs/common';

const VERSION = /^[1-9]\d{0,9}$/;
const LARGEST = 2_147_483_647;

/** Versions count from 1; what is no such number names nothing, so the answer is 404. */
export class VersionPipe implements PipeTransform<string, number> {
  transform(value: string): number {
    const version = VERSION.test(value) ? Number(value) : Infinity;
    if (version > LARGEST) throw notFound();
    return version;
  }
}
