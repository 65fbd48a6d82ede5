import { ActionIcon, Box, Text, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { Forest, Shown } from './forest';
import { LIT, type Lit, type LitWords, litLabel, peopleWords } from './lit';
import classes from './RoleTree.module.css';

interface Props {
  label: string;
  forest: Forest;
  shown: Shown[];
  lit: ReadonlyMap<string, Lit>;
  words: LitWords | undefined;
  selected: string | undefined;
  /** The role to be brought into sight, anew for each object. */
  look: { id: string } | null;
  onSelect: ((id: string) => void) | undefined;
  onToggle: (id: string, open: boolean) => void;
}

/** The forest as nested lists: for small windows, and for whoever prefers reading. */
export function RoleList({ label, shown, look, ...props }: Props) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!look) return;
    const row = box.current?.querySelector<HTMLElement>(`[data-role-id="${CSS.escape(look.id)}"]`);
    row?.scrollIntoView({ block: 'nearest' });
  }, [look]);
  return (
    <section
      ref={box}
      className={classes.list}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
      tabIndex={0}
    >
      <Branches shown={shown} {...props} />
    </section>
  );
}

type BranchProps = Omit<Props, 'label' | 'look'>;

function Branches({ shown, ...props }: BranchProps) {
  return (
    <ul>
      {shown.map((each) => (
        <li key={each.role.id}>
          <Row {...props} each={each} />
          {each.children.length > 0 && <Branches {...props} shown={each.children} />}
        </li>
      ))}
    </ul>
  );
}

function Row({
  each,
  lit,
  words,
  selected,
  onSelect,
  onToggle,
}: Omit<BranchProps, 'shown'> & { each: Shown }) {
  const { role, open, below } = each;
  const kind = lit.get(role.id);
  const Icon = kind && LIT[kind].icon;
  const hidden = open === false ? ` · ${below} ${below === 1 ? 'role' : 'roles'} below` : '';
  const text = (
    <>
      <Text span inherit display="block" truncate fw={550}>
        {role.name}
      </Text>
      <Text span display="block" fz="xs" c="dimmed">
        {peopleWords(role.user_count)}
        {hidden}
      </Text>
    </>
  );
  return (
    <div
      className={classes.row}
      data-role-id={role.id}
      data-lit={kind}
      data-selected={selected === role.id || undefined}
    >
      {open === null ? (
        <Box w={30} />
      ) : (
        <ActionIcon
          size={30}
          aria-expanded={open}
          aria-label={`${open ? 'Fold' : 'Unfold'} the roles below ${role.name}`}
          onClick={() => onToggle(role.id, !open)}
        >
          {open ? <IconChevronDown size={16} /> : <IconChevronRight size={16} />}
        </ActionIcon>
      )}
      {onSelect ? (
        <UnstyledButton
          className={classes.open}
          aria-current={selected === role.id || undefined}
          onClick={() => onSelect(role.id)}
        >
          {text}
        </UnstyledButton>
      ) : (
        <div className={classes.open}>{text}</div>
      )}
      {kind && Icon && (
        <span className={classes.tag}>
          <Icon size={12} stroke={2.4} aria-hidden />
          {litLabel(kind, words)}
        </span>
      )}
    </div>
  );
}
