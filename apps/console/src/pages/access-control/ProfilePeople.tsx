import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Profile } from '../../api/schema';
import { can, useSession } from '../../api/session';
import { guestCountQuery } from './permissions';

/** How many people are on a profile, leading to them: `244 users · 4 guests`. */
export function ProfilePeople({ profile, full = false }: { profile: Profile; full?: boolean }) {
  const session = useSession();
  const some = profile.user_count > 0;
  const seesGuests = can(session, 'manage_guests');
  const { data: guests } = useQuery({ ...guestCountQuery(profile.id), enabled: seesGuests && some });
  if (!some) {
    return (
      <Text span fz="sm" c="dimmed">
        {full ? 'Nobody is on this profile yet.' : 'Nobody'}
      </Text>
    );
  }
  const search = { profile_id: profile.id };
  if (guests === undefined) {
    return (
      <Anchor fz="sm" renderRoot={(props) => <Link {...props} to="/users" search={search} />}>
        {counted(profile.user_count, 'person', 'people')}
      </Anchor>
    );
  }
  const users = Math.max(0, profile.user_count - guests);
  return (
    <Text span fz="sm" className="tabular">
      {users > 0 && (
        <Anchor fz="sm" renderRoot={(props) => <Link {...props} to="/users" search={search} />}>
          {counted(users, 'user', 'users')}
        </Anchor>
      )}
      {users > 0 && guests > 0 && ' · '}
      {guests > 0 && (
        <Anchor fz="sm" renderRoot={(props) => <Link {...props} to="/guests" search={search} />}>
          {counted(guests, 'guest', 'guests')}
        </Anchor>
      )}
    </Text>
  );
}

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;
}
