import { PageHeader } from '../../components/PageHeader';

export function ObjectsPage() {
  return <PageHeader title="Objects" />;
}
