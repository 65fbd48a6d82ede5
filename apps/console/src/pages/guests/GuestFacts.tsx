import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { licensesQuery, profilesQuery, rolesQuery } from '../../api/queries';
import type { Guest } from '../../api/schema';
import { instantWords, RelativeTime } from '../../components/DateText';
import { lockFact } from '../../components/lockWords';
import classes from './Guest.module.css';
import { SponsorCell } from './guestColumns';

/** Who a guest is and where they stand, as a list of facts. */
export function GuestFacts({ guest }: { guest: Guest }) {
  const { data: profiles = [] } = useQuery(profilesQuery);
  const { data: roles = [] } = useQuery(rolesQuery);
  const { data: licenses = [] } = useQuery(licensesQuery);
  const profile = profiles.find(({ id }) => id === guest.profile_id);
  const role = roles.find(({ id }) => id === guest.role_id);
  const license = licenses.find(({ id }) => id === guest.license_id);
  return (
    <dl className={classes.facts}>
      <Fact label="Email">
        <Anchor href={`mailto:${guest.email}`} fz="sm">
          {guest.email}
        </Anchor>
      </Fact>
      <Fact label="Profile">
        {profile && (
          <Anchor
            fz="sm"
            renderRoot={(props) => (
              <Link to="/access-control/$profileId" params={{ profileId: profile.id }} {...props} />
            )}
          >
            {profile.name}
          </Anchor>
        )}
      </Fact>
      <Fact label="Role">
        {role && (
          <Anchor
            fz="sm"
            renderRoot={(props) => <Link to="/roles" search={{ person: guest.id }} {...props} />}
          >
            {role.name}
          </Anchor>
        )}
      </Fact>
      <Fact label="License">{license?.name}</Fact>
      <Fact label="Sponsor">
        <SponsorCell guest={guest} link />
      </Fact>
      <Fact label="Reason">{guest.reason}</Fact>
      <Fact label="Signs in with">{guest.sign_in === 'sso' ? 'Single sign-on' : 'a password'}</Fact>
      {guest.external_id && <Fact label="External ID">{guest.external_id}</Fact>}
      <Fact label="Invited">{instantWords(guest.created_at)}</Fact>
      <Fact label="Claimed">{guest.claimed_at ? instantWords(guest.claimed_at) : 'Not yet'}</Fact>
      <Fact label="Last sign-in">
        <RelativeTime value={guest.last_sign_in_at} none="Never" />
      </Fact>
      {guest.locked_until && <Fact label="Locked">{lockFact(guest.locked_until)}</Fact>}
    </dl>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        {children || (
          <Text span inherit c="dimmed">
            –
          </Text>
        )}
      </dd>
    </>
  );
}
