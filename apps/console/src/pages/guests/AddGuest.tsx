import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { Guest } from '../../api/schema';
import type { Search } from '../../routes';

const load = () => import('./AddGuestDrawer');
const AddGuestDrawer = lazy(load);

/** The button that adds a guest, and the drawer behind it. A link with `add=true` opens it too. */
export function AddGuest({ onCopyLink }: { onCopyLink: (guest: Guest) => void }) {
  const asked = (useSearch({ strict: false }) as Search).add === true;
  const navigate = useNavigate();
  const [opened, drawer] = useDisclosure(asked);
  // Once it was opened it stays: what was typed is there again when it was closed by mistake.
  const [wanted, setWanted] = useState(asked);
  useEffect(() => {
    if (asked) void navigate({ to: '.', replace: true, search: ({ add: _, ...rest }: Search) => rest });
  }, [asked, navigate]);
  return (
    <>
      <Button
        leftSection={<IconPlus size={16} aria-hidden />}
        onMouseEnter={() => void load()}
        onFocus={() => void load()}
        onClick={() => {
          setWanted(true);
          drawer.open();
        }}
      >
        Add guest
      </Button>
      {wanted && (
        <Suspense fallback={null}>
          <AddGuestDrawer opened={opened} onClose={drawer.close} onCopyLink={onCopyLink} />
        </Suspense>
      )}
    </>
  );
}
