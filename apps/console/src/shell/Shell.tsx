import { AppShell, Box, Burger, FocusTrap, Group } from '@mantine/core';
import { useDisclosure, useHotkeys, useMediaQuery } from '@mantine/hooks';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { type KeyboardEvent, lazy, Suspense, useEffect, useRef, useState } from 'react';
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
  const [asked, menu] = useDisclosure(false);
  const narrow = useMediaQuery('(max-width: 47.99em)', undefined, { getInitialValueInEffect: false });
  /** Whether the navigation lies over the page. */
  const opened = asked && narrow === true;
  const burger = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (opened) return () => burger.current?.focus({ preventScroll: true });
  }, [opened]);
  const onKeyDown = (event: KeyboardEvent) => {
    // A menu that opened in it is closed first.
    if (event.key === 'Escape' && event.currentTarget.contains(event.target as Node)) menu.close();
  };
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
            ref={burger}
            opened={opened}
            onClick={menu.toggle}
            size="sm"
            aria-label={opened ? 'Close the menu' : 'Open the menu'}
          />
        </Group>
      </AppShell.Header>
      <FocusTrap active={opened}>
        <AppShell.Navbar data-open={opened || undefined} onKeyDown={onKeyDown}>
          <Navigation onClose={menu.close} onFind={find} />
        </AppShell.Navbar>
      </FocusTrap>
      <AppShell.Main id="content" tabIndex={-1} inert={opened}>
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
