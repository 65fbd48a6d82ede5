import { useQuery } from '@tanstack/react-query';
import { rolesQuery } from '../../api/queries';
import type { Me } from '../../api/schema';
import { canAny, useSession } from '../../api/session';
import { DateText, RelativeTime } from '../../components/DateText';
import { rolePath } from '../../components/pickers';
import { Fact, Facts } from '../../components/SettingsSection';

/** What others decide about my account, and who they are. */
export function GovernedFacts({ me }: { me: Me }) {
  const session = useSession();
  const path = usePathOf(me);
  return (
    <Facts>
      <Fact label="Email" note={`You sign in with it, at the organization ${session.org.slug}.`}>
        {me.email}
      </Fact>
      <Fact label="Profile" note="It says what you may do. Somebody who manages people or access assigns it.">
        {me.profile.name}
        {me.kind === 'guest' && ', as a guest'}
      </Fact>
      <Fact
        label="User role"
        note="Your place in the tree of roles; whoever manages access changes the tree."
      >
        {me.role ? [path, me.role.name].filter(Boolean).join(' › ') : 'None'}
      </Fact>
      <Fact label="License" note="Somebody who manages people assigns it.">
        {me.license?.name ?? 'None'}
      </Fact>
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

/** Where a role hangs, for those who see the tree: "Chief Executive › VP Sales". */
function usePathOf({ kind, role }: Me): string | null {
  const session = useSession();
  const seesTree = kind === 'standard' && canAny(session, ['manage_users', 'manage_guests', 'manage_access']);
  const { data: roles = [] } = useQuery({ ...rolesQuery, enabled: seesTree && role !== null });
  return role && rolePath(new Map(roles.map((one) => [one.id, one])), role.id);
}
