import { AppShell, Box, Burger, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useSession } from '../api/session';
import { Logo } from './Logo';
import { Navigation } from './Navigation';
import { OfflineBanner } from './OfflineBanner';
import { SessionOver } from './SessionOver';
import classes from './Shell.module.css';

/** What surrounds every page of signed-in people. */
export function Shell() {
  const session = useSession();
  const [opened, menu] = useDisclosure(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a chosen page closes the menu.
  useEffect(() => menu.close(), [path]);
  return (
    <AppShell
      layout="alt"
      header={{ height: { base: 52, sm: 0 } }}
      navbar={{ width: 248, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={0}
      classNames={{ navbar: classes.navbar, header: classes.header, main: classes.main }}
    >
      <a href="#content" className={classes.skip}>
        Skip to content
      </a>
      <AppShell.Header hiddenFrom="sm">
        <Group h="100%" px="sm" justify="space-between">
          <Group gap="xs">
            <Logo size={24} />
            <Box fw={620} fz="sm">
              {session.org.name}
            </Box>
          </Group>
          <Burger opened={opened} onClick={menu.toggle} size="sm" aria-label={opened ? 'Close the menu' : 'Open the menu'} />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar>
        <Navigation onClose={menu.close} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <OfflineBanner />
        <Box className={classes.content}>
          <Outlet />
        </Box>
      </AppShell.Main>
      <SessionOver />
    </AppShell>
  );
}
