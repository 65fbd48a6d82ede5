import { PageHeader } from '../../components/PageHeader';

export function ResetPage() {
  return <PageHeader title="Reset" />;
}
