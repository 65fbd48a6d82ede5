import { PageHeader } from '../../components/PageHeader';

export function RecordPage() {
  return <PageHeader title="Record" />;
}
