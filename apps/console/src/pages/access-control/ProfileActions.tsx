import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconCopy, IconDots, IconPencil } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, data, ifMatch, versioned } from '../../api/client';
import type { Profile } from '../../api/schema';
import { can, useSession } from '../../api/session';
import { DeleteItem } from '../../components/DeleteItem';
import { done } from '../../components/notify';
import { DeleteProfileDialog } from './DeleteProfileDialog';
import { ProfileNameDialog } from './ProfileNameDialog';
import { profileQuery } from './permissions';

interface Props {
  profile: Profile;
  /** The version that was looked at, where one was. */
  etag?: string;
  /** Whether copying stands beside the menu rather than in it. */
  spread?: boolean;
}

/** What can be done with a profile as a whole: copy, rename, delete. Nothing for who may not. */
export function ProfileActions({ profile, etag, spread = false }: Props) {
  const session = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [open, setOpen] = useState<'copy' | 'rename' | 'delete' | null>(null);
  if (!can(session, 'manage_access')) return null;
  const close = () => setOpen(null);
  const stale = () =>
    Promise.all(['profiles', 'audit', 'session'].map((key) => client.invalidateQueries({ queryKey: [key] })));

  const copy = async (name: string) => {
    const made = await data(
      api.POST('/api/v1/profiles/{id}/copy', { params: { path: { id: profile.id } }, body: { name } }),
    );
    await stale();
    done(`Made ${made.name}, a copy of ${profile.name}.`);
    await navigate({ to: '/access-control/$profileId', params: { profileId: made.id } });
  };
  const name = async (to: string, version: string | undefined) => {
    const fresh = await versioned(
      api.PATCH('/api/v1/profiles/{id}', {
        params: { path: { id: profile.id } },
        headers: ifMatch(version),
        body: { name: to },
      }),
    );
    client.setQueryData(profileQuery(profile.id).queryKey, fresh);
    await stale();
    return fresh;
  };
  const rename = async (to: string) => {
    const fresh = await name(to, etag);
    if (to !== profile.name) done(`Renamed ${profile.name} to ${to}.`, () => name(profile.name, fresh.etag));
  };

  const menu = [
    !spread && (
      <Menu.Item key="copy" leftSection={<IconCopy size={16} aria-hidden />} onClick={() => setOpen('copy')}>
        Copy
      </Menu.Item>
    ),
    !profile.built_in && (
      <Menu.Item
        key="rename"
        leftSection={<IconPencil size={16} aria-hidden />}
        onClick={() => setOpen('rename')}
      >
        Rename
      </Menu.Item>
    ),
    !profile.built_in && <DeleteItem key="delete" onClick={() => setOpen('delete')} />,
  ].filter(Boolean);
  return (
    <>
      {spread && (
        <Button
          variant="default"
          leftSection={<IconCopy size={16} aria-hidden />}
          onClick={() => setOpen('copy')}
        >
          Copy
        </Button>
      )}
      {menu.length > 0 && (
        <Menu>
          <Menu.Target>
            <ActionIcon variant={spread ? 'default' : 'subtle'} aria-label={`Actions for ${profile.name}`}>
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>{menu}</Menu.Dropdown>
        </Menu>
      )}
      {open === 'copy' && (
        <ProfileNameDialog
          title={`Copy ${profile.name}`}
          name={`${profile.name} copy`}
          submit="Make the copy"
          onSubmit={copy}
          onClose={close}
        >
          The copy begins with the same capabilities and the same levels on every object, and with nobody on
          it.
          {profile.built_in === 'admin' &&
            ' Unlike Admin, it can be changed, and it counts as an ordinary profile.'}
        </ProfileNameDialog>
      )}
      {open === 'rename' && (
        <ProfileNameDialog
          title={`Rename ${profile.name}`}
          name={profile.name}
          submit="Rename"
          onSubmit={rename}
          onClose={close}
        />
      )}
      {open === 'delete' && <DeleteProfileDialog profile={profile} etag={etag} onClose={close} />}
    </>
  );
}
