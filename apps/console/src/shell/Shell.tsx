import { AppShell, Box, Burger, Group } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useSession } from '../api/session';
import { Logo } from './Logo';
import { Navigation } from './Navigation';
import { OfflineBanner } from './OfflineBanner';
import { SessionOver } from './SessionOver';
import classes from './Shell.module.css';

const CommandPalette = lazy(() =>
  import('./CommandPalette').then(({ CommandPalette }) => ({ default: CommandPalette })),
);

/** What surrounds every page of signed-in people. */
export function Shell() {
  const session = useSession();
  const [opened, menu] = useDisclosure(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a chosen page closes the menu.
  useEffect(() => menu.close(), [path]);
  const [finding, setFinding] = useState(0);
  const find = () => setFinding((times) => times + 1);
  useHotkeys([['mod+K', find]], []);
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
      {/* A region and no banner: every dialog has a header of its own, and there is one banner at most. */}
      <AppShell.Header hiddenFrom="sm" role="presentation">
        <Group h="100%" px="sm" justify="space-between" role="region" aria-label="Top">
          <Group gap="xs">
            <Logo size={24} />
            <Box fw={620} fz="sm">
              {session.org.name}
            </Box>
          </Group>
          <Burger
            opened={opened}
            onClick={menu.toggle}
            size="sm"
            aria-label={opened ? 'Close the menu' : 'Open the menu'}
          />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar>
        <Navigation onClose={menu.close} onFind={find} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <OfflineBanner />
        <Box className={classes.content}>
          <Outlet />
        </Box>
      </AppShell.Main>
      <Suspense>{finding > 0 && <CommandPalette asked={finding} />}</Suspense>
      <SessionOver />
    </AppShell>
  );
}
