import { ActionIcon, Button, CloseButton, Group, Menu, Pill, Text, TextInput, Tooltip } from '@mantine/core';
import { IconColumns3, IconFilter, IconSearch } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { ListState } from './useListState';

/** One thing a list can be narrowed by. */
export interface Filter {
  /** The parameter in the URL, and of the server. */
  name: string;
  label: string;
  options: { value: string; label: string }[];
  /** Whether several may be picked; they are joined by commas. */
  several?: boolean;
}

interface Props {
  state: ListState;
  placeholder: string;
  filters?: Filter[];
  columns?: { key: string; title: string }[];
  total?: number | undefined;
  /** "guest", "guests". */
  noun: [string, string];
  /** Further ways to narrow the list, after the search. */
  narrowing?: ReactNode;
  /** Further controls, at the end. */
  children?: ReactNode;
}

/** Search, filters as chips, column choice and the count: all of it in the URL. */
export function ListToolbar({
  state,
  placeholder,
  filters = [],
  columns,
  total,
  noun,
  narrowing,
  children,
}: Props) {
  const active = filters.filter((filter) => state.search[filter.name] !== undefined);
  return (
    <Group gap="xs">
      <SearchBox value={state.q} onChange={(q) => state.set({ q })} placeholder={placeholder} />
      {narrowing}
      {filters.length > 0 && <FilterMenu filters={filters} state={state} />}
      {active.map((filter) => (
        <FilterChip key={filter.name} filter={filter} state={state} />
      ))}
      {active.length > 0 && (
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          onClick={() => state.set(Object.fromEntries(active.map((filter) => [filter.name, undefined])))}
        >
          Clear filters
        </Button>
      )}
      <Group gap="xs" ml="auto">
        {total !== undefined && (
          <Text fz="sm" c="dimmed" className="tabular" role="status">
            {total.toLocaleString()} {total === 1 ? noun[0] : noun[1]}
          </Text>
        )}
        {columns && <ColumnPicker columns={columns} state={state} />}
        {children}
      </Group>
    </Group>
  );
}

/** A search box that waits until one has stopped typing. */
export function SearchBox(props: { value: string; onChange: (q: string) => void; placeholder: string }) {
  const { value, onChange, placeholder } = props;
  const [typed, setTyped] = useState(value);
  const sent = useRef(value);
  useEffect(() => {
    // Changed from elsewhere: back and forward, cleared filters.
    if (value !== sent.current) {
      sent.current = value;
      setTyped(value);
    }
  }, [value]);
  useEffect(() => {
    if (typed === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = typed.trim();
      onChange(typed.trim());
    }, 200);
    return () => clearTimeout(timer);
  }, [typed, onChange]);
  return (
    <TextInput
      type="search"
      w={{ base: '100%', xs: 260 }}
      aria-label={placeholder}
      placeholder={placeholder}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        typed && <CloseButton size="sm" aria-label="Clear the search" onClick={() => setTyped('')} />
      }
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  );
}

function picked(filter: Filter, state: ListState): string[] {
  const value = state.search[filter.name];
  if (value === undefined) return [];
  return filter.several ? String(value).split(',') : [String(value)];
}

function toggle(filter: Filter, state: ListState, option: string): void {
  const before = picked(filter, state);
  if (!filter.several) {
    state.set({ [filter.name]: before.includes(option) ? undefined : option });
    return;
  }
  const after = before.includes(option) ? before.filter((value) => value !== option) : [...before, option];
  state.set({ [filter.name]: after.length > 0 ? after.join(',') : undefined });
}

function FilterMenu({ filters, state }: { filters: Filter[]; state: ListState }) {
  const [opened, setOpened] = useState<string | null>(null);
  return (
    // Escape closes the options first, and then the menu.
    <Menu closeOnItemClick={false} position="bottom-start" closeOnEscape={opened === null}>
      <Menu.Target>
        <Button variant="default" leftSection={<IconFilter size={16} aria-hidden />} px="sm">
          Filter
        </Button>
      </Menu.Target>
      <Menu.Dropdown onKeyDown={(event) => event.key === 'Escape' && setOpened(null)}>
        {filters.map((filter) => (
          <FilterEntry
            key={filter.name}
            filter={filter}
            state={state}
            opened={opened === filter.name}
            onOpened={(open) =>
              setOpened((before) => (open ? filter.name : before === filter.name ? null : before))
            }
          />
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

interface FilterEntryProps {
  filter: Filter;
  state: ListState;
  opened: boolean;
  onOpened: (opened: boolean) => void;
}

/** A filter in the menu, with its options beside it: by pointing at it, a tap, Enter or the right arrow. */
function FilterEntry({ filter, state, opened, onOpened }: FilterEntryProps) {
  const entry = useRef<HTMLButtonElement>(null);
  const options = useRef<HTMLDivElement>(null);
  const [focusFirst, setFocusFirst] = useState(false);
  useEffect(() => {
    if (!opened || !focusFirst) return;
    setFocusFirst(false);
    options.current?.querySelector<HTMLElement>('[data-menu-item]')?.focus();
  }, [opened, focusFirst]);
  return (
    <Menu.Sub opened={opened} onChange={onOpened}>
      <Menu.Sub.Target>
        <Menu.Sub.Item
          ref={entry}
          onClick={(event) => {
            onOpened(true);
            setFocusFirst(event.detail === 0); // by a key
          }}
        >
          {filter.label}
        </Menu.Sub.Item>
      </Menu.Sub.Target>
      <Menu.Sub.Dropdown
        ref={options}
        mah={360}
        style={{ overflowY: 'auto' }}
        onKeyDown={(event) => event.key === 'Escape' && entry.current?.focus()}
      >
        <FilterOptions filter={filter} state={state} />
      </Menu.Sub.Dropdown>
    </Menu.Sub>
  );
}

function FilterOptions({ filter, state }: { filter: Filter; state: ListState }) {
  const chosen = picked(filter, state);
  return filter.options.map((option) => (
    <Menu.CheckboxItem
      key={option.value}
      checked={chosen.includes(option.value)}
      onChange={() => toggle(filter, state, option.value)}
    >
      {option.label}
    </Menu.CheckboxItem>
  ));
}

function FilterChip({ filter, state }: { filter: Filter; state: ListState }) {
  const names = picked(filter, state).map(
    (value) => filter.options.find((option) => option.value === value)?.label ?? value,
  );
  return (
    <Menu closeOnItemClick={false} position="bottom-start">
      <Pill
        size="lg"
        withRemoveButton
        removeButtonProps={{
          'aria-hidden': false,
          'aria-label': `Remove the filter ${filter.label}`,
          tabIndex: 0,
        }}
        onRemove={() => state.set({ [filter.name]: undefined })}
      >
        <Menu.Target>
          <Text
            span
            fz="sm"
            component="button"
            bg="none"
            bd={0}
            p={0}
            c="inherit"
            style={{ cursor: 'pointer' }}
          >
            {filter.label}: <b>{names.join(', ')}</b>
          </Text>
        </Menu.Target>
      </Pill>
      <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
        <FilterOptions filter={filter} state={state} />
      </Menu.Dropdown>
    </Menu>
  );
}

function ColumnPicker({ columns, state }: { columns: { key: string; title: string }[]; state: ListState }) {
  return (
    <Menu closeOnItemClick={false}>
      <Tooltip label="Choose columns">
        <Menu.Target>
          <ActionIcon variant="default" aria-label="Choose columns" visibleFrom="sm">
            <IconColumns3 size={18} />
          </ActionIcon>
        </Menu.Target>
      </Tooltip>
      <Menu.Dropdown>
        <Menu.Label>Columns</Menu.Label>
        {columns.map((column) => (
          <Menu.CheckboxItem
            key={column.key}
            checked={!state.hidden.has(column.key)}
            onChange={() => {
              const next = new Set(state.hidden);
              if (!next.delete(column.key)) next.add(column.key);
              state.setHidden(next);
            }}
          >
            {column.title}
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
