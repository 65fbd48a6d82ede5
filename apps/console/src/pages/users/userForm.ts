import type { User } from '../../api/schema';

/** What can be filled in about a user. */
export interface UserValues extends Record<string, unknown> {
  first_name: string;
  last_name: string;
  email: string;
  profile_id: string | null;
  role_id: string | null;
  license_id: string | null;
  external_id: string | null;
}

/** How the fields are called. */
export const LABELS: Record<keyof UserValues & string, string> = {
  first_name: 'First name',
  last_name: 'Last name',
  email: 'Email',
  profile_id: 'Profile',
  role_id: 'Role',
  license_id: 'License',
  external_id: 'External ID',
};

export function valuesOf(user: User): UserValues {
  const { first_name, last_name, email, profile_id, role_id, license_id, external_id } = user;
  return { first_name, last_name, email, profile_id, role_id, license_id, external_id };
}

/** What must be there before it makes sense to ask the server. */
export const VALIDATE = {
  first_name: (name: string) => (name.trim() ? null : 'Give a first name.'),
  last_name: (name: string) => (name.trim() ? null : 'Give a last name.'),
  email: (email: string) => (/^\S+@\S+$/.test(email.trim()) ? null : 'Give an email address.'),
};
