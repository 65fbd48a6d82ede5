import { PageHeader } from '../../components/PageHeader';

export function AccessEndedPage() {
  return <PageHeader title="AccessEnded" />;
}
