import { Box, Burger, Group, ScrollArea, Text } from '@mantine/core';
import {
  IconAdjustmentsHorizontal,
  IconCalendarTime,
  IconHierarchy3,
  IconHistory,
  IconHome,
  IconKey,
  IconLicense,
  IconSchema,
  IconShieldLock,
  IconTable,
  IconDoorEnter,
  IconUsers,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { objectsQuery } from '../api/queries';
import type { Capability } from '../api/schema';
import { canAny, useSession } from '../api/session';
import { Logo } from './Logo';
import classes from './Shell.module.css';
import { UserMenu } from './UserMenu';

interface Entry {
  to: string;
  label: string;
  icon: typeof IconHome;
  /** Any one of them shows the entry. */
  needs: readonly Capability[];
}

const READERS = ['manage_users', 'manage_guests', 'manage_access'] as const;

/** Administration, in the words and the order that its users know. */
const ADMINISTRATION: { label: string; entries: Entry[] }[] = [
  {
    label: 'User management',
    entries: [
      { to: '/users', label: 'Users', icon: IconUsers, needs: READERS },
      { to: '/guests', label: 'Guests', icon: IconDoorEnter, needs: ['manage_guests'] },
      { to: '/access-calendar', label: 'Access calendar', icon: IconCalendarTime, needs: ['manage_guests'] },
      { to: '/licenses', label: 'Licenses', icon: IconLicense, needs: [...READERS, 'manage_org'] },
    ],
  },
  {
    label: 'Groups',
    entries: [{ to: '/roles', label: 'User roles', icon: IconHierarchy3, needs: READERS }],
  },
  {
    label: 'Access',
    entries: [
      { to: '/access-control', label: 'Access control', icon: IconShieldLock, needs: READERS },
      { to: '/objects', label: 'Objects', icon: IconSchema, needs: ['manage_objects', 'manage_access'] },
    ],
  },
  {
    label: 'Organization',
    entries: [
      { to: '/audit-log', label: 'Audit log', icon: IconHistory, needs: ['view_audit'] },
      { to: '/settings', label: 'Settings', icon: IconAdjustmentsHorizontal, needs: ['manage_org'] },
      { to: '/api-tokens', label: 'API tokens', icon: IconKey, needs: ['manage_org', 'manage_access', 'manage_users'] },
    ],
  },
];

/** The navigation: only what this person may open. */
export function Navigation({ onClose }: { onClose: () => void }) {
  const session = useSession();
  const { data: objects = [] } = useQuery(objectsQuery);
  const reached = objects.filter((object) => session.permissions[object.key]);
  const groups = ADMINISTRATION.map((group) => ({
    ...group,
    entries: group.entries.filter((entry) => canAny(session, entry.needs)),
  })).filter((group) => group.entries.length > 0);
  return (
    <Box component="nav" aria-label="Main" h="100%" display="flex" style={{ flexDirection: 'column' }}>
      <Group justify="space-between" p="sm" pb={4} wrap="nowrap">
        <Group gap={10} wrap="nowrap" miw={0} px={6}>
          <Logo size={26} />
          <Text fw={620} truncate>
            {session.org.name}
          </Text>
        </Group>
        <Burger opened hiddenFrom="sm" size="sm" onClick={onClose} aria-label="Close the menu" />
      </Group>
      <ScrollArea flex={1} px="sm" type="hover">
        <Place to="/" icon={<IconHome size={18} aria-hidden />} exact>
          Home
        </Place>
        {reached.length > 0 && <Heading>Records</Heading>}
        {reached.map((object) => (
          <Place key={object.key} to={`/records/${object.key}`} icon={<IconTable size={18} aria-hidden />}>
            {object.plural}
          </Place>
        ))}
        {groups.map((group) => (
          <Box key={group.label} role="group" aria-label={group.label}>
            <Heading>{group.label}</Heading>
            {group.entries.map(({ icon: Icon, ...entry }) => (
              <Place key={entry.to} to={entry.to} icon={<Icon size={18} aria-hidden />}>
                {entry.label}
              </Place>
            ))}
          </Box>
        ))}
        <Box h={16} />
      </ScrollArea>
      <Box p="xs" style={{ borderTop: '1px solid var(--vestibule-line)' }}>
        <UserMenu />
      </Box>
    </Box>
  );
}

function Heading({ children }: { children: ReactNode }) {
  return (
    <Text className={classes.group} aria-hidden>
      {children}
    </Text>
  );
}

function Place(props: { to: string; icon: ReactNode; children: ReactNode; exact?: boolean }) {
  return (
    <Link to={props.to} className={classes.link} activeOptions={{ exact: props.exact, includeSearch: false }}>
      {props.icon}
      <Text span inherit truncate>
        {props.children}
      </Text>
    </Link>
  );
}
