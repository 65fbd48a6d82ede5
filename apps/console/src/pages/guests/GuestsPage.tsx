import { Button, Menu } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconArrowsSort, IconDoorEnter } from '@tabler/icons-react';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { guestsPage } from '../../api/guests';
import { fullName, personQuery } from '../../api/people';
import { licensesQuery, orgQuery, profilesQuery, rolesQuery } from '../../api/queries';
import { useSession } from '../../api/session';
import { DataTable } from '../../components/DataTable';
import { EmptyState } from '../../components/EmptyState';
import { ListPage } from '../../components/ListPage';
import { ListToolbar } from '../../components/ListToolbar';
import { PageHeader } from '../../components/PageHeader';
import { PeopleTabs } from '../../components/PeopleTabs';
import { useList } from '../../components/useList';
import { type ListState, useListState } from '../../components/useListState';
import { AddGuest } from './AddGuest';
import { BulkBar } from './BulkBar';
import { GuestMenu } from './GuestMenu';
import type { GuestAction, Target } from './guestActions';
import { guestColumns, HIDDEN, HIDDEN_ON_PHONE, SORTS } from './guestColumns';
import { FILTERS, filterOf, filtersOf } from './guestFilters';
import { todayIn } from './orgDays';
import { useGuestActions } from './useGuestActions';

const NEWEST = '-created_at';

/** All guests: who they are, how long they stay, who answers for them, and what can be done about it. */
export function GuestsPage() {
  const state = useListState({ sort: NEWEST, hidden: HIDDEN });
  const phone = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false });
  const navigate = useNavigate();
  const { data: org } = useSuspenseQuery(orgQuery);
  const today = todayIn(org.time_zone);
  const { columns, filters } = useNames(state);
  const filter = filterOf(state.search, state.q, today);
  const list = useList(['guests', 'list', filter, state.sort], (cursor, count) =>
    guestsPage(filter, { sort: state.sort, cursor, count, limit: 50 }),
  );

  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [matching, setMatching] = useState(false);
  const clear = () => {
    setPicked(new Set());
    setMatching(false);
  };
  const shown = JSON.stringify(filter);
  // What was picked in another list isn't meant in this one.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list is what it answers.
  useEffect(clear, [shown]);

  const actions = useGuestActions({ onDone: clear });
  const chosen = list.items.filter((guest) => matching || picked.has(guest.id));
  const total = list.total ?? 0;
  const actOnChosen = (action: GuestAction) => {
    const target: Target = matching
      ? { kind: 'matching', filter, total, known: list.items }
      : { kind: 'many', guests: chosen };
    actions.ask(action, target);
  };
  const all = list.items.length > 0 && chosen.length === list.items.length;
  const unfiltered = shown === '{}';
  const hidden = phone && state.search.hide === undefined ? new Set(HIDDEN_ON_PHONE) : state.hidden;

  return (
    <ListPage>
      <PageHeader
        title="Guests"
        description="People from outside, let in until a certain day."
        actions={<AddGuest onCopyLink={(guest) => actions.askFor('copy-link', guest)} />}
      />
      <PeopleTabs current="guests" />
      <ListToolbar
        state={state}
        placeholder="Search names and emails"
        filters={filters}
        columns={columns.slice(1)}
        total={list.total}
        noun={['guest', 'guests']}
      >
        <SortMenu state={state} />
      </ListToolbar>
      <DataTable
        label="Guests"
        list={list}
        columns={columns}
        hidden={hidden}
        idOf={(guest) => guest.id}
        nameOf={fullName}
        sort={state.sort.split(',')[0]}
        onSort={state.setSort}
        selection={{
          ids: matching ? new Set(list.items.map((guest) => guest.id)) : picked,
          onChange: (ids) => {
            setMatching(false);
            setPicked(ids);
          },
        }}
        onOpen={(guest) => void navigate({ to: '/guests/$guestId', params: { guestId: guest.id } })}
        actions={(guest) => <GuestMenu guest={guest} onAct={actions.askFor} onOpen={actions.prepare} />}
        empty={unfiltered ? <NobodyYet /> : <NobodyMatches state={state} />}
      />
      {chosen.length > 0 && (
        <BulkBar
          count={matching ? total : chosen.length}
          matching={all && !matching && total > chosen.length ? total : undefined}
          onSelectMatching={() => setMatching(true)}
          onAct={actOnChosen}
          onClear={clear}
        />
      )}
      {actions.dialogs}
    </ListPage>
  );
}

/** Columns and filters, with the names of what guests have. */
function useNames(state: ListState) {
  const session = useSession();
  const { data: profiles = [] } = useQuery(profilesQuery);
  const { data: roles = [] } = useQuery(rolesQuery);
  const { data: licenses = [] } = useQuery(licensesQuery);
  const asked = typeof state.search.sponsor_id === 'string' ? state.search.sponsor_id : '';
  const other = asked && asked !== session.user.id ? asked : '';
  const { data: sponsor } = useQuery({ ...personQuery(other), enabled: other !== '' });
  return useMemo(() => {
    const sponsors = [{ id: session.user.id, name: 'Me' }];
    if (sponsor) sponsors.push({ id: sponsor.id, name: fullName(sponsor) });
    const byId = (things: { id: string; name: string }[]) =>
      new Map(things.map(({ id, name }) => [id, name]));
    return {
      columns: guestColumns({ profiles: byId(profiles), roles: byId(roles), licenses: byId(licenses) }),
      filters: filtersOf({ profiles, roles, licenses, sponsors }),
    };
  }, [session.user.id, profiles, roles, licenses, sponsor]);
}

/** The order of the list, also where there are no column heads to click. */
function SortMenu({ state }: { state: ListState }) {
  const known = SORTS.find((sort) => sort.value === state.sort || sort.value.split(',')[0] === state.sort);
  return (
    <Menu width={190}>
      <Menu.Target>
        <Button variant="default" px="sm" leftSection={<IconArrowsSort size={16} aria-hidden />}>
          {known?.label ?? 'Sort'}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Sort by</Menu.Label>
        <Menu.RadioGroup value={known?.value} onChange={state.setSort}>
          {SORTS.map((sort) => (
            <Menu.RadioItem key={sort.value} value={sort.value} closeMenuOnClick>
              {sort.label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}

function NobodyYet() {
  return (
    <EmptyState icon={IconDoorEnter} title="No guests yet">
      Add somebody from outside: they get a mail with a link, and access until the day you choose.
    </EmptyState>
  );
}

function NobodyMatches({ state }: { state: ListState }) {
  const nothing = Object.fromEntries(FILTERS.map((name) => [name, undefined]));
  return (
    <EmptyState
      icon={IconDoorEnter}
      title="No guest matches"
      action={
        <Button variant="default" size="xs" mt="sm" onClick={() => state.set({ ...nothing, q: undefined })}>
          Show all guests
        </Button>
      }
    >
      Try other words, or fewer filters.
    </EmptyState>
  );
}
