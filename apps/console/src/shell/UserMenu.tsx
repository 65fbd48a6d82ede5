import { Box, Menu, Text, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { IconKey, IconLogout, IconSelector, IconSettings } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { api, data } from '../api/client';
import { tellOtherTabs } from '../api/otherTabs';
import { fullName } from '../api/people';
import { forgetStay, sayNobodyIsIn, useSession } from '../api/session';
import { failed } from '../components/notify';
import { PersonAvatar } from '../components/PersonName';
import classes from './Shell.module.css';

/** Who is signed in, and what is theirs: settings, tokens, the theme, the way out. */
export function UserMenu() {
  const session = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const name = fullName(session.user);
  const signOut = async () => {
    try {
      await data(api.DELETE('/api/v1/session'));
      sayNobodyIsIn(true);
      forgetStay();
      tellOtherTabs();
      await navigate({ to: '/sign-in', search: { org: session.org.slug } });
      queryClient.clear();
    } catch (error) {
      failed(error);
    }
  };
  return (
    <Menu position="top-start" width={240}>
      <Menu.Target>
        <UnstyledButton className={classes.user} aria-label={`${name}: settings and sign out`}>
          <PersonAvatar name={name} size={32} />
          <Box miw={0} flex={1}>
            <Text fz="sm" fw={550} truncate>
              {name}
            </Text>
            <Text fz="xs" c="dimmed" truncate>
              {session.profile.name}
            </Text>
          </Box>
          <IconSelector size={16} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{session.user.email}</Menu.Label>
        <Menu.Item
          leftSection={<IconSettings size={16} aria-hidden />}
          renderRoot={(props) => <Link to="/me" {...props} />}
        >
          My settings
        </Menu.Item>
        <Menu.Item
          leftSection={<IconKey size={16} aria-hidden />}
          renderRoot={(props) => <Link to="/api-tokens" {...props} />}
        >
          API tokens
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Theme</Menu.Label>
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(value) => setColorScheme(value as 'light' | 'dark' | 'auto')}
        >
          <Menu.RadioItem value="auto">System</Menu.RadioItem>
          <Menu.RadioItem value="light">Light</Menu.RadioItem>
          <Menu.RadioItem value="dark">Dark</Menu.RadioItem>
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={signOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
