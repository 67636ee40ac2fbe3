import { notFound } from '@aumos/agf-platform';
import type { PipeTransform } from '@nestjs/common';

const STEP = /^(?:0|[1-9]\d{0,9})$/;
const LARGEST = 2_147_483_647;

/** The number of a step; what is no such number names nothing, so the answer is 404. */
export class StepPipe implements PipeTransform<string, number> {
  transform(value: string): number {
    const step = STEP.test(value) ? Number(value) : Infinity;
    if (step > LARGEST) throw notFound();
    return step;
  }
}
