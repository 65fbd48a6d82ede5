import { Box, Burger, Group, Kbd, ScrollArea, Text, UnstyledButton } from '@mantine/core';
import { IconHome, IconSearch, IconTable } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { objectsQuery } from '../api/queries';
import { useSession } from '../api/session';
import { administrationOf } from './administration';
import { Logo } from './Logo';
import classes from './Shell.module.css';
import { UserMenu } from './UserMenu';

/** How the palette is opened by keyboard, in this system's way of writing it. */
const shortcut = /mac/i.test(navigator.userAgent) ? '⌘K' : 'Ctrl K';

/** The navigation: only what this person may open. */
export function Navigation({ onClose, onFind }: { onClose: () => void; onFind: () => void }) {
  const session = useSession();
  const { data: objects = [] } = useQuery(objectsQuery);
  const reached = objects.filter((object) => session.permissions[object.key]);
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
        <UnstyledButton className={classes.find} onClick={onFind}>
          <IconSearch size={16} aria-hidden />
          <Text span inherit flex={1}>
            Find
          </Text>
          <Kbd size="xs" visibleFrom="sm" aria-hidden>
            {shortcut}
          </Kbd>
        </UnstyledButton>
        <Place to="/" icon={<IconHome size={18} aria-hidden />} exact>
          Home
        </Place>
        {reached.length > 0 && <Heading>Records</Heading>}
        {reached.map((object) => (
          <Place key={object.key} to={`/records/${object.key}`} icon={<IconTable size={18} aria-hidden />}>
            {object.plural}
          </Place>
        ))}
        {administrationOf(session).map((group) => (
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
