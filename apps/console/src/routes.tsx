import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import type { Capability, Session } from './api/schema';
import { accessEndedBefore, canAny, forgetStay, meQuery, rememberStay, sessionQuery } from './api/session';
import { readIn } from './components/clock';
import { ErrorPage } from './shell/ErrorPage';
import { NotAllowedPage } from './shell/NotAllowedPage';
import { NotFoundPage } from './shell/NotFoundPage';
import { PageSkeleton } from './shell/PageSkeleton';

/*
 * The map of the console: every page, its path, and who gets to see it.
 * Pages keep their filters in the URL: `search` takes anything, and each page reads what it knows.
 */

interface Context {
  queryClient: QueryClient;
}

/** What a page keeps in the URL: texts, numbers and switches. */
export type Search = Record<string, string | number | boolean | undefined>;

const anySearch = (search: Record<string, unknown>): Search =>
  Object.fromEntries(
    Object.entries(search).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value)),
  ) as Search;

const root = createRootRouteWithContext<Context>()({
  component: Outlet,
  validateSearch: anySearch,
  errorComponent: ErrorPage,
  notFoundComponent: NotFoundPage,
});

/* Before signing in. */

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('./pages/sign-in/SignInPage'), 'SignInPage'),
});
const claim = createRoute({
  getParentRoute: () => root,
  path: '/claim',
  component: lazyRouteComponent(() => import('./pages/sign-in/ClaimPage'), 'ClaimPage'),
});
const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset',
  component: lazyRouteComponent(() => import('./pages/sign-in/ResetPage'), 'ResetPage'),
});
const accessEnded = createRoute({
  getParentRoute: () => root,
  path: '/access-ended',
  component: lazyRouteComponent(() => import('./pages/sign-in/AccessEndedPage'), 'AccessEndedPage'),
});

/* Signed in. */

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context: { queryClient }, location }) => {
    const session = await queryClient.ensureQueryData(sessionQuery);
    if (!session) {
      const accessEnded = accessEndedBefore();
      if (accessEnded) throw redirect({ to: '/access-ended', state: { accessEnded } });
      const to = location.href === '/' ? undefined : location.href;
      throw redirect({ to: '/sign-in', search: { to } });
    }
    readIn(session.user.time_zone ?? session.org.time_zone);
    if (session.user.kind === 'guest') {
      rememberStay(session, await queryClient.ensureQueryData(meQuery));
    } else {
      forgetStay();
    }
    return { session };
  },
  component: lazyRouteComponent(() => import('./shell/Shell'), 'Shell'),
  pendingComponent: PageSkeleton,
});

/** A page that needs any one of these capabilities; without them it isn't there but says why. */
function guarded(capabilities: readonly Capability[]) {
  return ({ context }: { context: { session: Session } }) => {
    if (!canAny(context.session, capabilities)) throw new NotAllowed();
  };
}

/** A page was asked for that the profile doesn't open. */
export class NotAllowed extends Error {}

function PageError(props: { error: unknown; reset: () => void }) {
  return props.error instanceof NotAllowed ? <NotAllowedPage /> : <ErrorPage {...props} />;
}

const READERS = ['manage_users', 'manage_guests', 'manage_access'] as const;

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/home/HomePage'), 'HomePage'),
});
const guests = createRoute({
  getParentRoute: () => signedIn,
  path: '/guests',
  beforeLoad: guarded(['manage_guests']),
  component: lazyRouteComponent(() => import('./pages/guests/GuestsPage'), 'GuestsPage'),
});
const guest = createRoute({
  getParentRoute: () => signedIn,
  path: '/guests/$guestId',
  beforeLoad: guarded(['manage_guests']),
  component: lazyRouteComponent(() => import('./pages/guests/GuestPage'), 'GuestPage'),
});
const accessCalendar = createRoute({
  getParentRoute: () => signedIn,
  path: '/access-calendar',
  beforeLoad: guarded(['manage_guests']),
  component: lazyRouteComponent(
    () => import('./pages/access-calendar/AccessCalendarPage'),
    'AccessCalendarPage',
  ),
});
const users = createRoute({
  getParentRoute: () => signedIn,
  path: '/users',
  beforeLoad: guarded(READERS),
  component: lazyRouteComponent(() => import('./pages/users/UsersPage'), 'UsersPage'),
});
const user = createRoute({
  getParentRoute: () => signedIn,
  path: '/users/$userId',
  beforeLoad: guarded(READERS),
  component: lazyRouteComponent(() => import('./pages/users/UserPage'), 'UserPage'),
});
const licenses = createRoute({
  getParentRoute: () => signedIn,
  path: '/licenses',
  beforeLoad: guarded([...READERS, 'manage_org']),
  component: lazyRouteComponent(() => import('./pages/licenses/LicensesPage'), 'LicensesPage'),
});
const roles = createRoute({
  getParentRoute: () => signedIn,
  path: '/roles',
  beforeLoad: guarded(READERS),
  component: lazyRouteComponent(() => import('./pages/roles/RolesPage'), 'RolesPage'),
});
const profiles = createRoute({
  getParentRoute: () => signedIn,
  path: '/access-control',
  beforeLoad: guarded(READERS),
  component: lazyRouteComponent(() => import('./pages/access-control/ProfilesPage'), 'ProfilesPage'),
});
const profile = createRoute({
  getParentRoute: () => signedIn,
  path: '/access-control/$profileId',
  beforeLoad: guarded(READERS),
  component: lazyRouteComponent(() => import('./pages/access-control/ProfilePage'), 'ProfilePage'),
});
const objects = createRoute({
  getParentRoute: () => signedIn,
  path: '/objects',
  beforeLoad: guarded(['manage_objects', 'manage_access']),
  component: lazyRouteComponent(() => import('./pages/objects/ObjectsPage'), 'ObjectsPage'),
});
const object = createRoute({
  getParentRoute: () => signedIn,
  path: '/objects/$objectKey',
  beforeLoad: guarded(['manage_objects', 'manage_access']),
  component: lazyRouteComponent(() => import('./pages/objects/ObjectPage'), 'ObjectPage'),
});
const records = createRoute({
  getParentRoute: () => signedIn,
  path: '/records/$objectKey',
  component: lazyRouteComponent(() => import('./pages/records/RecordsPage'), 'RecordsPage'),
});
const record = createRoute({
  getParentRoute: () => signedIn,
  path: '/records/$objectKey/$recordId',
  component: lazyRouteComponent(() => import('./pages/records/RecordPage'), 'RecordPage'),
});
const auditLog = createRoute({
  getParentRoute: () => signedIn,
  path: '/audit-log',
  beforeLoad: guarded(['view_audit']),
  component: lazyRouteComponent(() => import('./pages/audit-log/AuditLogPage'), 'AuditLogPage'),
});
const settings = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings',
  beforeLoad: guarded(['manage_org']),
  component: lazyRouteComponent(() => import('./pages/settings/SettingsPage'), 'SettingsPage'),
});
const apiTokens = createRoute({
  getParentRoute: () => signedIn,
  path: '/api-tokens',
  component: lazyRouteComponent(() => import('./pages/api-tokens/ApiTokensPage'), 'ApiTokensPage'),
});
const mySettings = createRoute({
  getParentRoute: () => signedIn,
  path: '/me',
  component: lazyRouteComponent(() => import('./pages/my-settings/MySettingsPage'), 'MySettingsPage'),
});

/** Every other address: within the shell, so that one finds the way back. */
const elsewhere = createRoute({
  getParentRoute: () => signedIn,
  path: '$',
  component: NotFoundPage,
});

const inside = [
  home,
  guests,
  guest,
  accessCalendar,
  users,
  user,
  licenses,
  roles,
  profiles,
  profile,
  objects,
  object,
  records,
  record,
  auditLog,
  settings,
  apiTokens,
  mySettings,
  elsewhere,
];
const tree = root.addChildren([signIn, claim, reset, accessEnded, signedIn.addChildren(inside)]);

/** The router over the map. */
export function makeRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queryClient },
    defaultErrorComponent: PageError,
    defaultNotFoundComponent: NotFoundPage,
    defaultPendingComponent: PageSkeleton,
    defaultPendingMs: 200,
    defaultPreload: 'intent',
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
