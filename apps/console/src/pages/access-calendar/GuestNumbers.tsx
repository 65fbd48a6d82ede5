import { SimpleGrid, Skeleton, Text } from '@mantine/core';
import { IconCalendarDue, IconLogin2, IconMailQuestion, IconUserQuestion } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { GuestCalendar } from '../../api/schema';
import type { Search } from '../../routes';
import classes from './AccessCalendar.module.css';

type Totals = GuestCalendar['totals'];

/** A number about guests, and the list of those it counts. */
interface Figure {
  total: keyof Totals;
  label: string;
  hint: string;
  icon: typeof IconLogin2;
  /** Whether anything above zero wants somebody's attention. */
  pressing?: boolean;
  list: Search;
}

const FIGURES = {
  ends_this_week: {
    total: 'ends_this_week',
    label: 'Ends this week',
    hint: 'Last day within the next 7 days',
    icon: IconCalendarDue,
    pressing: true,
    list: { status: 'active,invited', ends: 'week', sort: 'access_ends_on' },
  },
  never_claimed: {
    total: 'never_claimed',
    label: 'Never claimed',
    hint: 'Invited, and not here yet',
    icon: IconMailQuestion,
    list: { status: 'invited' },
  },
  never_signed_in: {
    total: 'never_signed_in',
    label: 'Never signed in',
    hint: 'Claimed, and never came back',
    icon: IconLogin2,
    list: { status: 'active', never_signed_in: true },
  },
  sponsor_missing: {
    total: 'sponsor_missing',
    label: 'Sponsor missing',
    hint: 'Nobody answers for them',
    icon: IconUserQuestion,
    pressing: true,
    list: { status: 'active,invited', sponsor_missing: true },
  },
} satisfies Record<string, Figure>;

interface Props {
  totals: Totals | undefined;
  show?: (keyof typeof FIGURES)[];
}

/** What is worth knowing about the guests as they are, each number leading to the guests it counts. */
export function GuestNumbers({ totals, show }: Props) {
  const keys = show ?? (Object.keys(FIGURES) as (keyof typeof FIGURES)[]);
  return (
    <SimpleGrid cols={{ base: 2, md: keys.length }} spacing="sm">
      {keys.map((key) => (
        <Card key={key} figure={FIGURES[key]} value={totals?.[FIGURES[key].total]} />
      ))}
    </SimpleGrid>
  );
}

function Card({ figure, value }: { figure: Figure; value: number | undefined }) {
  const { label, hint, icon: Icon, pressing, list } = figure;
  const urgent = pressing && value !== undefined && value > 0;
  return (
    <Link to="/guests" search={list} className={classes.figure} data-pressing={urgent || undefined}>
      <span className={classes.figureHead}>
        <Icon size={18} aria-hidden />
        <Text span inherit>
          {label}
        </Text>
      </span>
      {value === undefined ? (
        <Skeleton h={30} w={48} my={5} />
      ) : (
        <Text span className={classes.figureValue}>
          {value.toLocaleString()}
        </Text>
      )}
      <Text span fz="xs" c="dimmed">
        {hint}
      </Text>
    </Link>
  );
}
