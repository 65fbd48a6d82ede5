import { PageHeader } from '../../components/PageHeader';

export function ObjectPage() {
  return <PageHeader title="Object" />;
}
