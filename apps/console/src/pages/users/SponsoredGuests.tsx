import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { guestsPage } from '../../api/guests';
import type { User } from '../../api/schema';
import { useList } from '../../components/useList';
import { Card } from './Card';
import { PeopleItems } from './PeopleList';

/** The guests a user answers for. */
export function SponsoredGuests({ user }: { user: User }) {
  const list = useList(['guests', 'sponsored', user.id], (cursor, count) =>
    guestsPage({ sponsor_id: user.id }, { sort: 'last_name,first_name', limit: 6, cursor, count }),
  );
  return (
    <Card
      title="Guests they sponsor"
      aside={
        (list.total ?? 0) > 0 && (
          <Anchor
            fz="sm"
            renderRoot={(props) => <Link to="/guests" search={{ sponsor_id: user.id }} {...props} />}
          >
            All {list.total}
          </Anchor>
        )
      }
    >
      <PeopleItems list={list} empty="None." />
    </Card>
  );
}
