import '@mantine/spotlight/styles.layer.css';

import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, type SpotlightActionGroupData, spotlight } from '@mantine/spotlight';
import {
  IconHierarchy3,
  IconHome,
  IconSearch,
  IconShieldLock,
  IconTable,
  IconUser,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { fullName, peopleSearchQuery } from '../api/people';
import { objectsQuery, profilesQuery, rolesQuery } from '../api/queries';
import type { Capability } from '../api/schema';
import { canAny, useSession } from '../api/session';
import { administrationOf } from './administration';

const READERS: readonly Capability[] = ['manage_users', 'manage_guests', 'manage_access'];
const AT_MOST = 6;

/**
 * Everything one may open, by typing a part of its name: pages, people, roles, profiles, objects.
 *
 * It comes up whenever `asked` grows.
 */
export function CommandPalette({ asked }: { asked: number }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: each asking opens it.
  useEffect(() => spotlight.open(), [asked]);
  const session = useSession();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed.trim(), 150);
  const reads = canAny(session, READERS);
  const { data: people } = useQuery({ ...peopleSearchQuery(q), enabled: reads && q.length > 1 });
  const { data: roles = [] } = useQuery({ ...rolesQuery, enabled: reads });
  const { data: profiles = [] } = useQuery({ ...profilesQuery, enabled: reads });
  const { data: objects = [] } = useQuery(objectsQuery);

  const matches = (name: string) => name.toLowerCase().includes(q.toLowerCase());
  const groups: SpotlightActionGroupData[] = [];
  const add = (group: string, actions: SpotlightActionGroupData['actions'], most = AT_MOST) => {
    if (actions.length > 0) groups.push({ group, actions: actions.slice(0, most) });
  };

  add(
    'Pages',
    [{ to: '/', label: 'Home', icon: IconHome }, ...administrationOf(session).flatMap((part) => part.entries)]
      .filter((page) => matches(page.label))
      .map(({ icon: Icon, ...page }) => ({
        id: `page ${page.to}`,
        label: page.label,
        leftSection: <Icon size={18} aria-hidden />,
        onClick: () => void navigate({ to: page.to }),
      })),
    Infinity,
  );
  add(
    'Records',
    objects
      .filter((object) => session.permissions[object.key] && matches(object.plural))
      .map((object) => ({
        id: `object ${object.key}`,
        label: object.plural,
        leftSection: <IconTable size={18} aria-hidden />,
        onClick: () => void navigate({ to: '/records/$objectKey', params: { objectKey: object.key } }),
      })),
  );
  if (q.length > 1) {
    add(
      'People',
      (people?.items ?? [])
        .filter((person) => person.kind === 'standard' || canAny(session, ['manage_guests']))
        .map((person) => ({
          id: `person ${person.id}`,
          label: fullName(person),
          description:
            person.kind === 'guest' ? `Guest · ${person.email ?? ''}` : (person.email ?? undefined),
          leftSection: <IconUser size={18} aria-hidden />,
          onClick: () =>
            void (person.kind === 'guest'
              ? navigate({ to: '/guests/$guestId', params: { guestId: person.id } })
              : navigate({ to: '/users/$userId', params: { userId: person.id } })),
        })),
    );
    add(
      'User roles',
      roles
        .filter((role) => matches(role.name))
        .map((role) => ({
          id: `role ${role.id}`,
          label: role.name,
          leftSection: <IconHierarchy3 size={18} aria-hidden />,
          onClick: () => void navigate({ to: '/roles', search: { role: role.id } }),
        })),
    );
    add(
      'Profiles',
      profiles
        .filter((profile) => matches(profile.name))
        .map((profile) => ({
          id: `profile ${profile.id}`,
          label: profile.name,
          leftSection: <IconShieldLock size={18} aria-hidden />,
          onClick: () =>
            void navigate({ to: '/access-control/$profileId', params: { profileId: profile.id } }),
        })),
    );
  }
  return (
    <Spotlight
      // The name of the dialog, which everybody else sees in the field.
      title="Find"
      classNames={{ header: 'visually-hidden' }}
      actions={groups}
      filter={(_, given) => given}
      query={typed}
      onQueryChange={setTyped}
      shortcut={null}
      centered={false}
      yOffset="12vh"
      overlayProps={{ backgroundOpacity: 0.4, blur: 1 }}
      nothingFound={q ? 'Nothing found' : undefined}
      scrollable
      maxHeight={420}
      highlightQuery
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: reads ? 'Find a page, a person, a role…' : 'Find a page…',
        'aria-label': 'Find',
      }}
    />
  );
}
