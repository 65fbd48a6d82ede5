import { Anchor, Breadcrumbs, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';

/** A step on the way to a page. */
export interface Crumb {
  label: string;
  to?: string;
}

interface Props {
  title: ReactNode;
  /** The title as plain text, where `title` isn't one: for the browser's tab. */
  documentTitle?: string;
  crumbs?: Crumb[];
  /** One sentence on what the page is for. */
  description?: ReactNode;
  /** Badges beside the title. */
  badges?: ReactNode;
  actions?: ReactNode;
}

/** The head of every page: where one is, what it is called, what can be done. */
export function PageHeader({ title, documentTitle, crumbs, description, badges, actions }: Props) {
  const name = documentTitle ?? (typeof title === 'string' ? title : 'Vestibule');
  useEffect(() => {
    document.title = `${name} · Vestibule`;
  }, [name]);
  return (
    <Stack gap={4} component="header">
      {crumbs && crumbs.length > 0 && (
        <Breadcrumbs
          separator="›"
          fz="sm"
          c="dimmed"
          separatorMargin={6}
          component="nav"
          aria-label="Breadcrumb"
        >
          {crumbs.map((crumb) =>
            crumb.to ? (
              <Anchor
                key={crumb.label}
                renderRoot={(props) => <Link to={crumb.to} {...props} />}
                fz="sm"
                c="dimmed"
              >
                {crumb.label}
              </Anchor>
            ) : (
              <Text key={crumb.label} fz="sm" c="dimmed">
                {crumb.label}
              </Text>
            ),
          )}
        </Breadcrumbs>
      )}
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={4} flex="1 1 160px" miw={0}>
          <Group gap="sm" align="center">
            <Title order={1} fz={{ base: 22, sm: 26 }} lh={1.25} miw={0}>
              {title}
            </Title>
            {badges}
          </Group>
          {description && (
            <Text c="dimmed" fz="sm" maw={720}>
              {description}
            </Text>
          )}
        </Stack>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
    </Stack>
  );
}
