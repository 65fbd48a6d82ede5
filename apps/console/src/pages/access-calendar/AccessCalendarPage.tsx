import { PageHeader } from '../../components/PageHeader';

export function AccessCalendarPage() {
  return <PageHeader title="AccessCalendar" />;
}
