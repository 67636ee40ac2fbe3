import { shortened } from '../errors/text.js';
import type { Finding } from './definition.js';
import { hintFor } from './hints.js';
import { DEFINITION_LIMITS } from './limits.js';

export type PathSegment = string | number;

/** RFC 6901. */
export const pointerTo = (segments: readonly PathSegment[]): string =>
  segments.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** Names come from outside and may be long: a message shows their beginning. */
export const shown = (text: string): string =>
  JSON.stringify(text.length > 80 ? `${shortened(text, 80)}…` : text).slice(1, -1);

/** Collects what a check finds, bounded: a hostile definition must not make an endless answer. */
export class FindingList {
  private readonly kept: Finding[] = [];
  private dropped = 0;
  private errors = 0;

  error(finding: Omit<Finding, 'severity'>): void {
    this.errors += 1;
    this.add({ ...finding, severity: 'error' });
  }

  warn(finding: Omit<Finding, 'severity'>): void {
    this.add({ ...finding, severity: 'warning' });
  }

  get hasErrors(): boolean {
    return this.errors > 0;
  }

  toArray(): Finding[] {
    if (this.dropped === 0) return [...this.kept];
    const message = `${this.dropped} more findings are not listed`;
    const severity = this.hasErrors ? 'error' : 'warning';
    const rule = 'TOO_MANY_FINDINGS';
    return [...this.kept, { rule, severity, message, hint: hintFor(rule) }];
  }

  private add(finding: Finding): void {
    if (this.kept.length < DEFINITION_LIMITS.findings)
      this.kept.push({ ...finding, hint: finding.hint ?? hintFor(finding.rule) });
    else this.dropped += 1;
  }
}
