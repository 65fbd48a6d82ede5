import { Group, Text } from '@mantine/core';
import { IconArrowDownRight, IconCrown, IconRoute, IconUser, IconUsers } from '@tabler/icons-react';
import type { Role } from '../../api/schema';
import classes from './RoleTree.module.css';

/** Why a role is lit. */
export type Lit = 'subject' | 'path' | 'owner' | 'report' | 'peer';

/** Each with a word and a shape, so that the colour says nothing alone. */
export const LIT: Record<Lit, { label: string; icon: typeof IconUser }> = {
  subject: { label: 'This person', icon: IconUser },
  path: { label: 'On the way', icon: IconRoute },
  owner: { label: 'Owner', icon: IconCrown },
  report: { label: 'Reports', icon: IconArrowDownRight },
  peer: { label: 'Peers', icon: IconUsers },
};

const ORDER: readonly Lit[] = ['subject', 'owner', 'path', 'peer', 'report'];

/** Other words for why roles are lit. */
export type LitWords = Partial<Record<Lit, string>>;

export function litLabel(lit: Lit, words: LitWords | undefined): string {
  return words?.[lit] ?? LIT[lit].label;
}

/** What the colours of a drawing mean, as far as it has them. */
export function Legend({ lit, words }: { lit: ReadonlyMap<string, Lit>; words: LitWords | undefined }) {
  const used = new Set(lit.values());
  if (used.size === 0) return null;
  return (
    <Group component="ul" gap="sm" m={0} p={0} aria-label="What the colours mean" className={classes.legend}>
      {ORDER.filter((kind) => used.has(kind)).map((kind) => {
        const Icon = LIT[kind].icon;
        return (
          <Group key={kind} component="li" gap={6} wrap="nowrap">
            <span className={classes.swatch} data-lit={kind}>
              <Icon size={12} stroke={2.4} aria-hidden />
            </span>
            <Text span fz="xs">
              {litLabel(kind, words)}
            </Text>
          </Group>
        );
      })}
    </Group>
  );
}

/** "1 person", "14 people". */
export function peopleWords(count: number): string {
  return count === 1 ? '1 person' : `${count.toLocaleString()} people`;
}

/** What a role of the drawing is called for somebody who doesn't see it. */
export function spoken(role: Role, parent: Role | undefined, word: string | undefined): string {
  const place = parent ? `below ${parent.name}` : 'at the top';
  return [role.name, peopleWords(role.user_count), place, word].filter(Boolean).join(', ');
}
