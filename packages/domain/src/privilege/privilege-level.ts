/** 1 READ_ONLY · 2 EXECUTE_SAFE · 3 EXECUTE_RISKY · 4 ADMIN · 5 SUPER_ADMIN */
export type PrivilegeLevel = 1 | 2 | 3 | 4 | 5;
export const PRIVILEGE_NAMES: Record<PrivilegeLevel, string> = {
  1: 'READ_ONLY',
  2: 'EXECUTE_SAFE',
  3: 'EXECUTE_RISKY',
  4: 'ADMIN',
  5: 'SUPER_ADMIN',
};
export const ROLES = ['admin', 'developer', 'viewer', 'auditor', 'approver'] as const;
export type Role = (typeof ROLES)[number];

export const isPrivilegeLevel = (value: unknown): value is PrivilegeLevel =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 5;

/** Who acts: what the verified token says of its bearer. */
export interface Actor {
  sub: string;
  tenant_id: string;
  privilege_level: PrivilegeLevel;
  roles: readonly Role[];
}

/** From this level on every call is audited, whether people had to be asked or not. */
export const AUDITED_FROM: PrivilegeLevel = 3;
