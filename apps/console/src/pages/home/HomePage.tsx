import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { can, useSession } from '../../api/session';
import { PageHeader } from '../../components/PageHeader';
import { GuestOverview } from './GuestOverview';
import classes from './Home.module.css';
import { LatestEvents } from './LatestEvents';
import { ObjectTiles } from './ObjectTiles';
import { YourStay } from './YourStay';

/** Where everybody arrives: what they can work on, and what wants their attention. */
export function HomePage() {
  const session = useSession();
  const { user, org, profile } = session;
  if (user.kind === 'guest') {
    return (
      <div className={classes.page}>
        <PageHeader
          title={`Welcome, ${user.first_name}`}
          documentTitle="Home"
          description={`You are a guest of ${org.name}.`}
        />
        <YourStay />
        <ObjectTiles />
      </div>
    );
  }
  const hosts = can(session, 'manage_guests');
  return (
    <div className={classes.page}>
      <PageHeader
        title={`${greeting()}, ${user.first_name}`}
        documentTitle="Home"
        description={`${org.name} · ${profile.name}`}
        actions={
          hosts && (
            <Button
              leftSection={<IconPlus size={16} aria-hidden />}
              renderRoot={(props) => <Link to="/guests" search={{ add: true }} {...props} />}
            >
              Add a guest
            </Button>
          )
        }
      />
      {hosts && <GuestOverview />}
      <ObjectTiles />
      {can(session, 'view_audit') && <LatestEvents />}
    </div>
  );
}

/** By the reader's clock. */
function greeting(): string {
  const hour = new Date().getHours();
  if (hour < 5 || hour >= 18) return 'Good evening';
  return hour < 12 ? 'Good morning' : 'Good afternoon';
}
