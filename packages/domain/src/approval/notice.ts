/** What people are told of an approval. */
export const NOTICE_KINDS = [
  'requested',
  'reminder',
  'escalated',
  'stage_reached',
  'delegated',
  'unfulfillable',
  'decided',
  'expired',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** Something to be told: written with the change it tells of, delivered by the tenant's channels. */
export interface Notice {
  approval_id: string;
  kind: NoticeKind;
  /** the same approval and key are told once */
  key: string;
  /** whom it is meant for; absent: whoever may decide */
  to?: { subs?: string[]; roles?: string[] };
}
