import { Table, Text } from '@mantine/core';
import type { GuestCalendar } from '../../api/schema';
import { longDay } from '../guests/orgDays';

/** The chart's numbers, day by day. */
export function EndsTable({ calendar }: { calendar: GuestCalendar }) {
  return (
    // A region that scrolls must be reachable by keyboard.
    <Table.ScrollContainer
      minWidth={320}
      maxHeight={260}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': 'Ends per day' } }}
    >
      <Table stickyHeader fz="sm" verticalSpacing={6}>
        <Table.Caption className="visually-hidden">How many guests’ access ends on which day</Table.Caption>
        <Table.Thead bg="var(--vestibule-surface)">
          <Table.Tr>
            <Table.Th>Last day</Table.Th>
            <Table.Th ta="right">Active</Table.Th>
            <Table.Th ta="right">Invited</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody className="tabular">
          {calendar.days.map((day) => (
            <Table.Tr key={day.date}>
              <Table.Td>{longDay(day.date)}</Table.Td>
              <Table.Td ta="right">{some(day.active)}</Table.Td>
              <Table.Td ta="right">{some(day.invited)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function some(count: number) {
  return count > 0 ? (
    count.toLocaleString()
  ) : (
    <Text span inherit c="dimmed">
      0
    </Text>
  );
}
