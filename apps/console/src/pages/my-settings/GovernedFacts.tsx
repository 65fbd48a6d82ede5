import { useQuery } from '@tanstack/react-query';
import { api, data } from '../../api/client';
import { rolesQuery } from '../../api/queries';
import type { Me } from '../../api/schema';
import { canAny, useSession } from '../../api/session';
import { DateText, RelativeTime } from '../../components/DateText';
import { rolePath } from '../../components/pickers';
import { Fact, Facts } from '../../components/SettingsSection';

/** What others decide about my account, and who they are. */
export function GovernedFacts({ me }: { me: Me }) {
  const session = useSession();
  const seesRoles =
    me.kind === 'standard' && canAny(session, ['manage_users', 'manage_guests', 'manage_access']);
  return (
    <Facts>
      <Fact label="Email" note={`You sign in with it, at the organization ${session.org.slug}.`}>
        {me.email}
      </Fact>
      <Fact label="Profile" note="It says what you may do. Somebody who manages people or access assigns it.">
        {session.profile.name}
        {me.kind === 'guest' && ', as a guest'}
      </Fact>
      {seesRoles && <MyRole id={me.id} />}
      <Fact label="Sign-in">
        {me.sign_in === 'password' ? 'With a password' : 'Through your organization (single sign-on)'}
      </Fact>
      <Fact label="Last signed in">
        <RelativeTime value={me.last_sign_in_at} />
      </Fact>
      <Fact label="With us since">
        <DateText value={me.created_at} />
      </Fact>
    </Facts>
  );
}

function MyRole({ id }: { id: string }) {
  const { data: roles = [] } = useQuery(rolesQuery);
  const { data: user } = useQuery({
    queryKey: ['me', 'role', id],
    queryFn: () => data(api.GET('/api/v1/users/{id}', { params: { path: { id } } })),
  });
  const role = roles.find((candidate) => candidate.id === user?.role_id);
  const path = role && rolePath(new Map(roles.map((one) => [one.id, one])), role.id);
  return (
    <Fact label="User role" note="Your place in the tree of roles; whoever manages access changes the tree.">
      {role ? [path, role.name].filter(Boolean).join(' › ') : 'None'}
    </Fact>
  );
}
