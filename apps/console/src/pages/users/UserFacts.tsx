import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Fragment, type ReactNode } from 'react';
import type { User } from '../../api/schema';
import { instantWords, RelativeTime } from '../../components/DateText';
import { lockFact } from '../../components/lockWords';
import { Card } from './Card';
import { useOrgNames } from './orgNames';
import classes from './Users.module.css';
import { signInWords } from './userColumns';

/** What is known about a user. */
export function UserFacts({ user }: { user: User }) {
  const names = useOrgNames();
  const facts: [string, ReactNode][] = [
    [
      'Email',
      <Anchor key="mail" href={`mailto:${user.email}`} inherit>
        {user.email}
      </Anchor>,
    ],
    [
      'Profile',
      <Anchor
        key="profile"
        inherit
        renderRoot={(props) => (
          <Link to="/access-control/$profileId" params={{ profileId: user.profile_id }} {...props} />
        )}
      >
        {names.profiles.get(user.profile_id) ?? '…'}
      </Anchor>,
    ],
    [
      'Role',
      user.role_id ? <RoleLink key="role" id={user.role_id} name={names.roles.get(user.role_id)} /> : 'None',
    ],
    ['License', user.license_id ? (names.licenses.get(user.license_id) ?? '…') : 'None'],
    ['Signs in with', signInWords(user)],
    ['Last sign-in', <RelativeTime key="sign-in" value={user.last_sign_in_at} none="Never" />],
    ['Added', instantWords(user.created_at)],
    ['Claimed', user.claimed_at ? instantWords(user.claimed_at) : 'Not yet'],
  ];
  if (user.locked_until) facts.push(['Locked', lockFact(user.locked_until)]);
  if (user.deactivated_at) facts.push(['Deactivated', instantWords(user.deactivated_at)]);
  if (user.external_id) facts.push(['External ID', user.external_id]);
  return (
    <Card title="Facts">
      <dl className={classes.facts}>
        {facts.map(([label, value]) => (
          <Fragment key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
      </dl>
      {user.status === 'invited' && (
        <Text fz="xs" c="dimmed" mt="sm">
          They have not claimed the account yet. The link in the mail works for a while; you can send a new
          one.
        </Text>
      )}
    </Card>
  );
}

function RoleLink({ id, name }: { id: string; name: string | undefined }) {
  return (
    <Anchor inherit renderRoot={(props) => <Link to="/roles" search={{ role: id }} {...props} />}>
      {name ?? '…'}
    </Anchor>
  );
}
