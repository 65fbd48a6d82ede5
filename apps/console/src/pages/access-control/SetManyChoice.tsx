import { Box, Group, Select, SimpleGrid, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { objectsQuery, profilesQuery } from '../../api/queries';
import type { Level } from '../../api/schema';
import { ErrorState } from '../../components/EmptyState';
import { CheckList } from './CheckList';
import { LevelMeter } from './LevelMeter';
import { ACTIONS, LEVELS } from './levels';
import { type Many, named } from './permissions';
import classes from './SetMany.module.css';

/** What the server takes at once, of either. */
const AT_ONCE = 50;
const KEEP = 'keep';

/** Whether enough is chosen for a preview. */
export function complete({ profiles, objects, permissions }: Many): boolean {
  const fits = (list: string[]) => list.length > 0 && list.length <= AT_ONCE;
  return fits(profiles) && fits(objects) && named(permissions).length > 0;
}

interface Props {
  many: Many;
  onChange: (many: Many) => void;
  disabled: boolean;
}

/** For whom, on what, and which levels. */
export function SetManyChoice({ many, onChange, disabled }: Props) {
  const profiles = useQuery(profilesQuery);
  const objects = useQuery(objectsQuery);
  const error = profiles.error ?? objects.error;
  if (error)
    return (
      <ErrorState error={error} onRetry={() => void Promise.all([profiles.refetch(), objects.refetch()])} />
    );
  if (!profiles.data || !objects.data) return <Skeleton h={320} aria-busy />;
  const editable = profiles.data.filter((profile) => profile.built_in !== 'admin');
  return (
    <fieldset className={classes.choice} disabled={disabled}>
      <Text fz="sm" c="dimmed">
        Sets the levels below for each of these profiles on each of these objects. Nothing is saved before you
        have seen what it does.
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        <CheckList
          label="Profiles"
          limit={AT_ONCE}
          picked={many.profiles}
          onChange={(picked) => onChange({ ...many, profiles: picked })}
          options={editable.map((profile) => ({ value: profile.id, label: profile.name }))}
        >
          <Text fz="xs" c="dimmed">
            Admin isn’t among them: it reaches everything, for good.
          </Text>
        </CheckList>
        <CheckList
          label="Objects"
          limit={AT_ONCE}
          picked={many.objects}
          onChange={(picked) => onChange({ ...many, objects: picked })}
          options={objects.data.map((object) => ({ value: object.key, label: object.plural }))}
        />
      </SimpleGrid>
      <Box>
        <Text fz="sm" fw={570} mb={8}>
          Levels
        </Text>
        <div className={classes.levels}>
          {ACTIONS.map(({ key, title }) => (
            <Select
              key={key}
              label={title}
              allowDeselect={false}
              value={many.permissions[key] ?? KEEP}
              onChange={(level) =>
                onChange({
                  ...many,
                  permissions: { ...many.permissions, [key]: level === KEEP ? undefined : (level as Level) },
                })
              }
              data={[
                { value: KEEP, label: 'Leave as it is' },
                ...LEVELS.map((offered) => ({ value: offered.level, label: offered.title })),
              ]}
              leftSection={many.permissions[key] && <LevelMeter level={many.permissions[key]} />}
              renderOption={({ option }) => (
                <Group gap="xs" wrap="nowrap">
                  {option.value !== KEEP && <LevelMeter level={option.value as Level} />}
                  <Text fz="sm">{option.label}</Text>
                </Group>
              )}
            />
          ))}
        </div>
      </Box>
    </fieldset>
  );
}
