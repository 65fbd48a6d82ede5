import '@mantine/dates/styles.layer.css';
import { Button, CloseButton, Group, Select, Text } from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import { useQuery } from '@tanstack/react-query';
import { fullName, personQuery } from '../../api/people';
import { ACTION_GROUPS } from '../../components/audit/actions';
import { clock } from '../../components/clock';
import { useCalendarName } from '../../components/fields/useCalendarName';
import { PersonPicker } from '../../components/PersonPicker';
import type { ListState } from '../../components/useListState';

const ACTIONS = ACTION_GROUPS.map(({ group, actions }) => ({
  group,
  items: Object.entries(actions).map(([value, label]) => ({ value, label })),
}));
const NAMES = ['actor_id', 'target_id', 'action', 'since', 'until'] as const;
const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** Who, what, about what, when: all of it in the URL. */
export function AuditFilters({ state, total }: { state: ListState; total: number | undefined }) {
  const at = (name: string) => (state.search[name] === undefined ? null : String(state.search[name]));
  const target = at('target_id');
  const calendarName = useCalendarName();
  const any = NAMES.some((name) => at(name) !== null);
  return (
    <Group gap="xs" align="flex-end" role="search" aria-label="Filter the log">
      <PersonPicker
        w={{ base: '100%', xs: 200 }}
        aria-label="Done by"
        placeholder="Done by anybody"
        value={at('actor_id')}
        onChange={(id) => state.set({ actor_id: id ?? undefined })}
      />
      <Select
        w={{ base: '100%', xs: 220 }}
        aria-label="What happened"
        placeholder="Anything that happened"
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Anything that happened' }}
        nothingFoundMessage="Nothing is called that"
        maxDropdownHeight={360}
        data={ACTIONS}
        value={at('action')}
        onChange={(action) => state.set({ action: action ?? undefined })}
      />
      <DatePickerInput
        {...calendarName}
        type="range"
        w={{ base: '100%', xs: 230 }}
        aria-label="From and until"
        placeholder="Any time"
        previousLabel="Previous month"
        nextLabel="Next month"
        valueFormat="D MMM YYYY"
        clearable
        clearButtonProps={{ 'aria-label': 'Any time' }}
        allowSingleDateInRange
        maxDate={clock().format('YYYY-MM-DD')}
        value={[at('since'), at('until')]}
        onChange={([since, until]) => state.set({ since: since ?? undefined, until: until ?? undefined })}
      />
      {target ? (
        <Group
          gap={4}
          wrap="nowrap"
          h={36}
          px="sm"
          bd="1px solid var(--vestibule-line)"
          style={{ borderRadius: 'var(--mantine-radius-md)' }}
        >
          <Text fz="sm" component="div">
            About <AboutWhat id={target} />
          </Text>
          <CloseButton
            size="sm"
            aria-label="About anything"
            onClick={() => state.set({ target_id: undefined })}
          />
        </Group>
      ) : (
        <PersonPicker
          w={{ base: '100%', xs: 200 }}
          aria-label="About a person; an id of anything may be pasted"
          placeholder="About anybody"
          value={null}
          onChange={(id) => id && state.set({ target_id: id })}
          onPaste={(event) => {
            // Whatever else the log is about has no list to pick from, but an id or a link with one, whose last it is.
            const id = event.clipboardData.getData('text').match(UUID)?.at(-1);
            if (!id) return;
            event.preventDefault();
            state.set({ target_id: id.toLowerCase() });
          }}
        />
      )}
      {any && (
        <Button
          variant="subtle"
          color="gray"
          onClick={() => state.set(Object.fromEntries(NAMES.map((name) => [name, undefined])))}
        >
          Clear filters
        </Button>
      )}
      {total !== undefined && (
        <Text fz="sm" c="dimmed" className="tabular" role="status" ml="auto" lh="36px">
          {total.toLocaleString()} {total === 1 ? 'event' : 'events'}
        </Text>
      )}
    </Group>
  );
}

/** A person by name; anything else by the head of its id. */
function AboutWhat({ id }: { id: string }) {
  return (
    <Text span inherit fw={550} title={id}>
      <PersonOrId id={id} />
    </Text>
  );
}

function PersonOrId({ id }: { id: string }) {
  const { data: person, isPending } = useQuery(personQuery(id));
  if (isPending) return '…';
  return person ? fullName(person) : `${id.slice(0, 13)}…`;
}
