/** What `interrupt(payload)` gives once people have decided. */
export interface Decision {
  approved: boolean;
  status: 'approved' | 'rejected' | 'expired';
  approval_id: string | null;
  decided_by: string[];
  /** RFC 3339 */
  decided_at: string | null;
  notes: string | null;
}
