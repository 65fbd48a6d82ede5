import { PageHeader } from '../../components/PageHeader';

export function RecordsPage() {
  return <PageHeader title="Records" />;
}
