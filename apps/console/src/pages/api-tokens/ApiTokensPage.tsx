import { PageHeader } from '../../components/PageHeader';

export function ApiTokensPage() {
  return <PageHeader title="ApiTokens" />;
}
