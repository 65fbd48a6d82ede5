import { Button, Menu, Skeleton, Stack, Text } from '@mantine/core';
import { IconLicense, IconPencil, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { licensesQuery } from '../../api/queries';
import type { License } from '../../api/schema';
import { can, canAny, useSession } from '../../api/session';
import { DeleteItem } from '../../components/DeleteItem';
import { EmptyState, ErrorState } from '../../components/EmptyState';
import { PageHeader } from '../../components/PageHeader';
import { RowMenu } from '../../components/RowMenu';
import classes from './Licenses.module.css';
import { SeatBar } from './SeatBar';

const LicenseDialogs = lazy(() => import('./LicenseDialogs'));

/** What somebody wants to do with licenses. */
export type AskedLicense = { what: 'add' } | { what: 'edit' | 'delete'; license: License };

/** The licenses, and how many of their seats are taken. */
export function LicensesPage() {
  const session = useSession();
  const manages = can(session, 'manage_org');
  const { data: licenses, error, refetch } = useQuery(licensesQuery);
  const [asked, setAsked] = useState<AskedLicense | null>(null);
  const add = manages && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAsked({ what: 'add' })}>
      Add license
    </Button>
  );
  return (
    <Stack gap="md" maw={980}>
      <PageHeader
        title="Licenses"
        description="Seats for users and guests. Deactivated users and guests without access take none."
        actions={add}
      />
      {error && !licenses && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!licenses && !error && (
        <Stack gap="sm" aria-busy>
          <Skeleton h={96} radius="md" />
          <Skeleton h={96} radius="md" />
        </Stack>
      )}
      {licenses?.length === 0 && (
        <EmptyState icon={IconLicense} title="There are no licenses" action={add}>
          A license has a number of seats, and each person on it takes one. Without licenses nothing is
          limited.
        </EmptyState>
      )}
      {licenses && licenses.length > 0 && (
        <ul className={classes.list} aria-label="Licenses">
          {licenses.map((license) => (
            <li key={license.id} className={classes.card}>
              <LicenseCard license={license} manages={manages} onAsk={setAsked} />
            </li>
          ))}
        </ul>
      )}
      {licenses && licenses.length > 0 && (
        <Text fz="xs" c="dimmed" ta="center">
          That’s all {licenses.length > 1 ? licenses.length : ''}
        </Text>
      )}
      {asked && (
        <Suspense fallback={null}>
          <LicenseDialogs asked={asked} onClose={() => setAsked(null)} />
        </Suspense>
      )}
    </Stack>
  );
}

interface CardProps {
  license: License;
  manages: boolean;
  onAsk: (asked: AskedLicense) => void;
}

function LicenseCard({ license, manages, onAsk }: CardProps) {
  const session = useSession();
  return (
    <>
      <div className={classes.head}>
        <h2 className={classes.name}>{license.name}</h2>
        {manages && (
          <RowMenu label={`Actions for ${license.name}`}>
            <Menu.Item
              leftSection={<IconPencil size={16} aria-hidden />}
              onClick={() => onAsk({ what: 'edit', license })}
            >
              Name and seats
            </Menu.Item>
            <Menu.Divider />
            <DeleteItem onClick={() => onAsk({ what: 'delete', license })} />
          </RowMenu>
        )}
      </div>
      <SeatBar license={license} />
      <div className={classes.links}>
        {canAny(session, ['manage_users', 'manage_guests', 'manage_access']) && (
          <Link to="/users" search={{ license_id: license.id }} className={classes.link}>
            Users on it
          </Link>
        )}
        {can(session, 'manage_guests') && (
          <Link to="/guests" search={{ license_id: license.id }} className={classes.link}>
            Guests on it
          </Link>
        )}
      </div>
    </>
  );
}
